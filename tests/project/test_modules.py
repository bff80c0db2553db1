"""Under which names files can be imported."""

from __future__ import annotations

import pytest

from flowcheck.project.modules import ModuleIndex

LAYOUT = (
    "app.py",
    "src/shop/__init__.py",
    "src/shop/models.py",
    "src/one.py",
    "src/ns/pkg/__init__.py",
    "backend/manage.py",
    "backend/ads/__init__.py",
    "backend/ads/jobs.py",
    "jobs/nightly.py",
    "jobs/weekly.py",
    "google/cloud/x/__init__.py",
    "google/cloud/x/api.py",
    "lab/jobs.py",
    "tool/__init__.py",
    "tool/__main__.py",
    "run",
)
MODULES = ModuleIndex(LAYOUT)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("app.py", ("app",)),
        ("src/shop/__init__.py", ("shop", "src.shop")),
        ("src/shop/models.py", ("shop.models", "src.shop.models")),
        ("src/one.py", ("one", "src.one")),
        ("src/ns/pkg/__init__.py", ("ns.pkg", "pkg", "src.ns.pkg")),
        ("backend/ads/jobs.py", ("ads.jobs", "backend.ads.jobs")),
        ("backend/manage.py", ("manage", "backend.manage")),
        ("jobs/nightly.py", ("jobs.nightly", "nightly")),
        ("google/cloud/x/api.py", ("google.cloud.x.api", "x.api", "cloud.x.api")),
        ("tool/__main__.py", ("tool.__main__",)),
        ("run", ("run",)),
    ],
)
def test_names(path: str, names: tuple[str, ...]) -> None:
    assert MODULES.names_of(path).all == names


def test_a_package_is_named_by_its_init() -> None:
    assert MODULES.names_of("src/shop/__init__.py").is_package
    assert not MODULES.names_of("src/shop/models.py").is_package
    assert MODULES.file_of("shop") == "src/shop/__init__.py"


def test_other_names_count_only_below_the_folder_they_start_from() -> None:
    assert MODULES.file_of("nightly", "jobs/weekly.py") == "jobs/nightly.py"
    assert MODULES.file_of("nightly", "app.py") is None
    assert MODULES.file_of("nightly") is None
    assert MODULES.file_of("jobs.nightly", "app.py") == "jobs/nightly.py"
    assert MODULES.file_of("src.shop.models", "app.py") == "src/shop/models.py"


def test_of_several_files_with_a_name_the_nearest_to_the_importer_counts() -> None:
    modules = ModuleIndex(("a/src/jobs.py", "b/src/jobs.py", "b/src/app.py", "a/src/app.py"))
    assert modules.file_of("jobs", "b/src/app.py") == "b/src/jobs.py"
    assert modules.file_of("jobs", "a/src/app.py") == "a/src/jobs.py"
    assert modules.files_of("jobs") == ("a/src/jobs.py", "b/src/jobs.py")


def test_namespaces_and_submodules() -> None:
    assert MODULES.is_namespace("google.cloud")
    assert not MODULES.is_namespace("app")
    assert MODULES.submodules("shop") == ("shop.models",)
    assert MODULES.submodules("nothing") == ()


def test_the_root_may_be_a_package_itself() -> None:
    modules = ModuleIndex(("__init__.py", "a.py", "b/__init__.py", "b/c.py"), root_name="mypkg")
    assert modules.names_of("b/c.py").all == ("mypkg.b.c", "b.c")
    assert modules.names_of("__init__.py").all == ("mypkg",)


def test_the_order_of_files_means_nothing() -> None:
    turned = ModuleIndex(reversed(LAYOUT))
    assert turned.paths() == MODULES.paths()
    assert all(turned.names_of(path) == MODULES.names_of(path) for path in LAYOUT)


def test_a_single_file_has_the_same_name_as_in_its_package() -> None:
    alone = ModuleIndex(("src/shop/models.py",), frozenset({"src/shop"}))
    assert alone.names_of("src/shop/models.py").primary == "shop.models"
