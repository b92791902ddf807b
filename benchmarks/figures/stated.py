"""Every promise: the figure that tells, where it is stated, what it says, and its target.

A sentence that compares with code that is gone (what a cell, a band or a bound once gained) cannot
be measured again and is not listed: those figures stand in docs/decisions.md as history.
"""

from .promise import Promise, as_recorded, at_least, at_most, between

__all__ = ["PROMISES"]

README, DECISIONS, QUALITY = "README", "docs/decisions.md", "docs/quality.md"
FIRST, COMMAND, FOLDERS = f"{README}, Try it", f"{README}, The command", f"{README}, Folders"
SMALL, FAST = f"{README}, How small, how good", f"{README}, How fast, how exact"
NOWHERE = "no text yet"

EXAMPLE = (
    Promise(
        "example.original.kilobytes", FIRST, "the example's bytes", between(791.5, 791.6), "kB"
    ),
    Promise("example.k16.kilobytes", FIRST, "16 colours: 48.5 kB", at_most(48.55), "kB"),
    Promise("example.k16.times_smaller", FIRST, "16.3 times smaller", at_least(16.25)),
    Promise("example.k16.score", FIRST, "16 colours score 27.9", at_least(27.85)),
    Promise("example.default.kilobytes", FIRST, "the default: 52.0 kB", at_most(52.05), "kB"),
    Promise("example.default.times_smaller", FIRST, "15.2 times smaller", at_least(15.15)),
    Promise("example.default.score", FIRST, "as many colours as a score of 75 needs", at_least(74)),
    Promise("example.*.mark_bytes", FOLDERS, "a chunk of 22 bytes", between(22, 22), "bytes"),
)

IMPORTS = (
    Promise("imports.numpy", DECISIONS, "no NumPy on the command line", at_most(0)),
    Promise("imports.modules", NOWHERE, "modules beyond Python's own", at_most(160), "", True),
    Promise("imports.own_modules", NOWHERE, "modules of ours", at_most(80), "", True),
    Promise("imports.kernels.milliseconds", DECISIONS, "kernels import in one", at_most(2), "ms"),
    Promise(
        "imports.numpy.share_of_start",
        DECISIONS,
        "NumPy would be three quarters",
        between(0.6, 0.85),
    ),
    Promise("imports.start.share_of_run", FAST, "about half is starting", between(0.35, 0.6)),
)

SCORES = (
    Promise("scores.difference", QUALITY, "agrees with ssimulacra2 to 0.001", at_most(0.001)),
    Promise("scores.milliseconds", QUALITY, "measuring takes 15 ms", at_most(18), "ms"),
)

ERROR = (
    Promise("error.fast.k16.mse", FAST, "201.43", at_most(201.5)),
    Promise("error.fast.k64.mse", FAST, "56.98", at_most(57.0)),
    Promise("error.fast.k256.mse", FAST, "19.26", at_most(19.27)),
    Promise("error.balanced.k16.mse", FAST, "199.43", at_most(199.5)),
    Promise("error.balanced.k64.mse", FAST, "55.58", at_most(55.6)),
    Promise("error.balanced.k256.mse", FAST, "18.97", at_most(18.98)),
    Promise("error.max.k16.mse", FAST, "199.51", at_most(199.6)),
    Promise("error.max.k64.mse", FAST, "55.60", at_most(55.65)),
    Promise("error.max.k256.mse", FAST, "18.90", at_most(18.91)),
)

EFFORTS = (
    Promise(
        "efforts.photos.fast.bytes_of_balanced", COMMAND, "fast takes 5 % more", at_most(1.055)
    ),
    Promise("efforts.photos.max.bytes_of_balanced", COMMAND, "max takes 6 % fewer", at_most(0.95)),
    Promise(
        "efforts.photos.fast.bytes_of_reparsed",
        DECISIONS,
        "1 to 2 % above libdeflate",
        at_most(1.02),
    ),
    Promise("efforts.photos.balanced.most_miss", QUALITY, "corrected above 2.5", at_most(2.5)),
    Promise("efforts.photos.max.mean_miss", QUALITY, "within 0.2", at_most(0.2)),
    Promise("efforts.photos.fast.bytes", NOWHERE, "not larger", at_most(99_200), "bytes", True),
    Promise("efforts.photos.balanced.bytes", NOWHERE, "not larger", at_most(94_450), "bytes", True),
    Promise("efforts.photos.max.bytes", NOWHERE, "not larger", at_most(89_270), "bytes", True),
    Promise("efforts.graphics.fast.bytes", NOWHERE, "not larger", at_most(81_530), "bytes", True),
    Promise(
        "efforts.graphics.balanced.bytes", NOWHERE, "not larger", at_most(84_770), "bytes", True
    ),
    Promise("efforts.graphics.max.bytes", NOWHERE, "not larger", at_most(72_750), "bytes", True),
    Promise("efforts.*.bytes", NOWHERE, "bytes do not grow", as_recorded(may_fall=True)),
    Promise("efforts.*.score", NOWHERE, "scores stay", as_recorded(may_rise=True)),
)

BYTE_LIMIT = (
    Promise("byte_limit.mean_share", DECISIONS, "four tries fill 97 %", at_least(0.965)),
    Promise("byte_limit.most_share", COMMAND, "within so many bytes", at_most(1)),
)

AT_EQUAL_SCORE = (
    Promise("default.*.bytes", SMALL, "the table's bytes", as_recorded(may_fall=True), "bytes"),
    Promise("default.*.score", SMALL, "the table's scores", as_recorded(may_rise=True)),
    Promise("others.pngquant.mean_more_bytes", SMALL, "pngquant needs +91 %", at_least(0.905)),
    Promise("others.*.more_bytes", SMALL, "others need more", at_least(0)),
    Promise("equal_score.balanced.saved", SMALL, "56 % smaller than pngquant's", at_least(0.555)),
    Promise("equal_score.balanced.saved.least", SMALL, "40 to 69 %", at_least(0.395)),
    Promise("equal_score.balanced.saved.most", SMALL, "40 to 69 %", at_least(0.685)),
    Promise("equal_score.fast.saved", SMALL, "52 % at fast", at_least(0.515)),
    Promise("equal_score.max.saved", SMALL, "59 % at max", at_least(0.585)),
)

KMEANS = (
    Promise("kmeans.k16.float64.times_faster", FAST, "119 times faster", at_least(106)),
    Promise("kmeans.k256.float64.times_faster", FAST, "129 times faster", at_least(120)),
    Promise("kmeans.k16.float64.inertia_of_theirs", FAST, "inertia 0.9999", at_most(1.0)),
    Promise("kmeans.k256.float64.inertia_of_theirs", FAST, "inertia 0.9996", at_most(1.0005)),
    Promise("kmeans.k16.uint8.times_faster", NOWHERE, "from uint8", at_least(120), "", True),
    Promise("kmeans.k256.uint8.times_faster", NOWHERE, "from uint8", at_least(130), "", True),
    Promise("kmeans.k16.*.inertia_of_theirs", NOWHERE, "as good", at_most(1.0), "", True),
    Promise("kmeans.k256.*.inertia_of_theirs", NOWHERE, "as good", at_most(1.003), "", True),
    Promise("kmeans.*.float*.times_faster", NOWHERE, "from floats", at_least(90), "", True),
)

PNGQUANT = (
    Promise("pngquant.classic.kodim05.time", FAST, "0.94 of pngquant's time", at_most(1.0)),
    Promise("pngquant.classic.kodim13.time", FAST, "1.01", at_most(1.05)),
    Promise("pngquant.classic.kodim19.time", FAST, "1.35", at_most(1.4)),
    Promise("pngquant.classic.kodim23.time", FAST, "1.06", at_most(1.1)),
    Promise("pngquant.classic.large.time", FAST, "0.19 on 24 megapixels", at_most(0.25)),
    Promise("pngquant.classic.large.memory", FAST, "138 / 135 MiB", at_most(1.2)),
    Promise("pngquant.fast.kodim05.time", FAST, "fast: 0.80", at_most(0.95)),
    Promise("pngquant.fast.kodim13.time", FAST, "1.01", at_most(1.1)),
    Promise("pngquant.fast.kodim16.time", FAST, "1.13", at_most(1.2)),
    Promise("pngquant.fast.kodim23.time", FAST, "0.75", at_most(0.85)),
    Promise("pngquant.fast.kodim03.time", FAST, "1.01", at_most(1.1)),
    Promise("pngquant.fast.kodim20.time", FAST, "0.97", at_most(1.1)),
    Promise("pngquant.fast.large.time", FAST, "0.43 on 24 megapixels", at_most(0.45)),
    Promise("pngquant.balanced.kodim05.time", FAST, "balanced: 1.43", at_most(1.55)),
    Promise("pngquant.balanced.kodim13.time", FAST, "1.62", at_most(1.75)),
    Promise("pngquant.balanced.kodim16.time", FAST, "2.10", at_most(2.2)),
    Promise("pngquant.balanced.kodim23.time", FAST, "1.46", at_most(1.55)),
    Promise("pngquant.balanced.kodim03.time", FAST, "2.09", at_most(2.2)),
    Promise("pngquant.balanced.kodim20.time", FAST, "1.74", at_most(2.3)),
    Promise("pngquant.balanced.large.time", FAST, "0.69 on 24 megapixels", at_most(0.71)),
    Promise("pngquant.*.large.memory", FAST, "138 to 172 / 135 MiB", at_most(1.5)),
    Promise(
        "pngquant.balanced.mean.bytes_of_theirs", FAST, "about half of pngquant's", at_most(0.55)
    ),
    Promise("pngquant.fast_of_balanced.time", COMMAND, "fast takes half the time", at_most(0.55)),
    Promise("pngquant.fast.large.time", NOWHERE, "24 MP, fast", at_most(0.45), "", True),
    Promise("pngquant.balanced.large.time", NOWHERE, "24 MP, balanced", at_most(0.65), "", True),
    Promise("pngquant.fast.mean.time", NOWHERE, "eight photos, fast", at_most(0.85), "", True),
    Promise("pngquant.balanced.mean.time", NOWHERE, "eight, balanced", at_most(1.4), "", True),
    Promise("fading.time", NOWHERE, "24 MP, alpha fading throughout", at_most(1.0), "", True),
)

MEMORY = (
    Promise("memory.one_bit.megabytes", NOWHERE, "a 12 kB PNG", at_most(350), "MB", True),
    Promise("memory.gif.megabytes", NOWHERE, "a GIF of 43 bytes", at_most(400), "MB", True),
    Promise("memory.grey_alpha_16.megabytes", NOWHERE, "16 bits, alpha", at_most(600), "MB", True),
)

BATCH = (
    Promise("batch.one_thread.files_a_second", FAST, "11 files a second", at_least(10.5)),
    Promise("batch.threads.files_a_second", FAST, "22 on two", at_least(21.5)),
    Promise("batch.threads.times_one", DECISIONS, "two do 1.9 times as much", at_least(1.9)),
    Promise("batch.fast.files_a_second", FAST, "47 at fast", at_least(46.5)),
    Promise("batch.fast.times_pngquant", FAST, "47 beside pngquant's 24", at_least(1.9)),
    Promise("batch.fast.times_pngquant", NOWHERE, "the batch, fast", at_least(2.2), "", True),
    Promise("batch.threads.megabytes", FAST, "34.8 MB", at_most(34.9), "MB"),
    Promise("batch.fast.megabytes", FAST, "36.2 MB", at_most(36.3), "MB"),
    Promise("batch.threads.mib", FAST, "83 MiB", at_most(90), "MiB"),
    Promise("batch.one_thread.mib", FAST, "53 MiB", at_most(60), "MiB"),
    Promise(
        "batch.again.seconds", DECISIONS, "looked at in a fifth of a second", at_most(0.25), "s"
    ),
    Promise("batch.again.changed", FAST, "no file changes", at_most(0)),
)

REST = (
    Promise("alpha.*.strays", "CHANGELOG", "opaque and transparent stay exactly so", at_most(0)),
    Promise("alpha.*.error_above_pngquant", DECISIONS, "smaller on any background", at_most(1e-9)),
    Promise("killed.lost", FOLDERS, "nothing is lost", at_most(0), "files"),
    Promise("killed.left_over", FOLDERS, "the next run removes", at_most(0), "files"),
    Promise("quality.fast.mean_miss", QUALITY, "the table misses by 1.2", at_most(1.25)),
    Promise("quality.fast.most_miss", QUALITY, "9.8 at most", at_most(9.85)),
    Promise("quality.balanced.mean_miss", QUALITY, "1.3", at_most(1.35)),
    Promise("quality.balanced.most_miss", QUALITY, "17.0 at most", at_most(17.05)),
    Promise("quality.max.mean_miss", QUALITY, "1.2", at_most(1.25)),
    Promise("quality.max.most_miss", QUALITY, "13.8 at most", at_most(13.85)),
    Promise("quality.fast.ceiling.mean_miss", QUALITY, "to 1.9 points", at_most(1.95)),
    Promise("quality.fast.ceiling.most_miss", QUALITY, "8.4 at most", at_most(8.45)),
    Promise("quality.knee.points.*", QUALITY, "1 to 3 points below", between(0.5, 3.5)),
    Promise("pngquant_quality.q*", QUALITY, "the table", as_recorded(tolerance=0.02)),
    Promise("growth.*.slope.*", NOWHERE, "no more than linear", at_most(1.02), "", True),
)

PROMISES: tuple[Promise, ...] = (
    *EXAMPLE,
    *IMPORTS,
    *SCORES,
    *ERROR,
    *EFFORTS,
    *BYTE_LIMIT,
    *AT_EQUAL_SCORE,
    *KMEANS,
    *PNGQUANT,
    *MEMORY,
    *BATCH,
    *REST,
)
