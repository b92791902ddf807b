// A team of threads that share out numbered tasks.
//
// Results must not depend on which thread runs what: a task writes only to places of its own
// number, and whoever combines them does so in the order of the numbers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace fewcolors {

class Team {
  public:
    explicit Team(int n_threads);
    ~Team();
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    // Calls task(i) once for each i in [0, count), on all threads, and returns when all are done.
    // The first exception of a task is thrown again here.
    void run(std::size_t count, const std::function<void(std::size_t)>& task);

  private:
    void take_tasks();
    void serve();

    std::vector<std::thread> helpers_;
    const std::function<void(std::size_t)>* task_ = nullptr;
    std::size_t count_ = 0;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::uint32_t> round_{0};  // goes up when there is work, or when it is time to go
    std::atomic<std::uint32_t> busy_{0};   // helpers that have not finished the round
    std::atomic<bool> leaving_{false};
    std::atomic<bool> failed_{false};
    std::exception_ptr failure_;
};

}  // namespace fewcolors
