"""scikit-learn's own tests of KMeans, with `fewcolors.KMeans` in the place of its class."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import fewcolors

SUITE = "sklearn.cluster.tests.test_k_means"

PLUGIN = """
import sklearn.cluster
import fewcolors
sklearn.cluster.KMeans = fewcolors.KMeans
"""

EXCEPTIONS = {
    "test_sample_weight_init": "calls KMeans._init_centroids, which is private to scikit-learn",
    "test_sample_weight_zero": "calls KMeans._init_centroids, which is private to scikit-learn",
}
"""What does not pass, and why not."""

LEAST_TESTS = 150
"""Fewer would mean that the suite did not run as it should: scikit-learn 1.9 has some 200."""


@pytest.mark.long
@pytest.mark.process
def test_passes_the_tests_that_sklearn_has_of_its_own_class(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    try:
        suite = importlib.util.find_spec(SUITE)
    except ModuleNotFoundError:
        suite = None
    if suite is None:
        pytest.skip("scikit-learn is installed without its tests")
    (tmp_path / "swap_kmeans.py").write_text(PLUGIN)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    paths = [tmp_path, Path(fewcolors.__file__).resolve().parents[1]]
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    environment["SKLEARN_RUN_FLOAT32_TESTS"] = "1"
    command = [sys.executable, "-m", "pytest", "--pyargs", SUITE, "-q", "-p", "no:cacheprovider"]
    command += ["-p", "swap_kmeans", "-c", "pytest.ini", "--junitxml=results.xml"]
    command += ["-k", "not minibatch"]  # these test a class of scikit-learn's alone
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    cases = list(ElementTree.parse(tmp_path / "results.xml").iter("testcase"))
    failed = {
        str(case.get("name"))
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    }
    assert len(cases) >= LEAST_TESTS, done.stdout
    unexpected = {name for name in failed if name.partition("[")[0] not in EXCEPTIONS}
    assert unexpected == set(), done.stdout
