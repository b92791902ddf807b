#include "base/team.hpp"

#include <system_error>

namespace fewcolors {

Team::Team(int n_threads) {
    // Reserving comes first: a running thread must be joined, so from here on nothing may throw but
    // the start of a thread.
    helpers_.reserve(n_threads > 1 ? n_threads - 1 : 0);
    for (int i = 1; i < n_threads; ++i) {
        try {
            helpers_.emplace_back([this] { serve(); });
        } catch (const std::system_error&) {
            break;  // the system has no more threads: fewer take longer, with the same result
        }
    }
}

Team::~Team() {
    leaving_ = true;
    round_.fetch_add(1);
    round_.notify_all();
    for (auto& helper : helpers_) helper.join();
}

void Team::take_tasks() {
    try {
        for (std::size_t i = next_.fetch_add(1); i < count_; i = next_.fetch_add(1)) (*task_)(i);
    } catch (...) {
        if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
}

void Team::serve() {
    for (std::uint32_t seen = 0;;) {
        round_.wait(seen);
        ++seen;
        if (leaving_) return;
        take_tasks();
        if (busy_.fetch_sub(1) == 1) busy_.notify_one();
    }
}

void Team::run(std::size_t count, const std::function<void(std::size_t)>& task) {
    task_ = &task;
    count_ = count;
    next_ = 0;
    const bool shared = count > 1 && !helpers_.empty();
    if (shared) {
        busy_ = static_cast<std::uint32_t>(helpers_.size());
        round_.fetch_add(1);
        round_.notify_all();
    }
    take_tasks();
    if (shared) {
        for (std::uint32_t busy = busy_; busy != 0; busy = busy_) busy_.wait(busy);
    }
    if (failed_) {
        failed_ = false;
        std::rethrow_exception(failure_);
    }
}

}  // namespace fewcolors
