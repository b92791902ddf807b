"""What `KMeans` inherits: scikit-learn's base classes, or `PlainBase` where it is not installed.

scikit-learn takes a second to import, so only `KMeans` does. Both bases have the methods that the
estimator calls: ``_validated`` and ``_check_fitted``.
"""

import inspect
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

__all__ = ["ConvergenceWarning", "EstimatorBase", "NotFittedError", "PlainBase"]


class PlainBase:
    """The part of scikit-learn's conventions that needs nothing but NumPy."""

    n_features_in_: int

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Returns the parameters of the constructor.

        Args:
            deep: has no effect, since no parameter is an estimator.

        Returns:
            The values by name.
        """
        return {name: getattr(self, name) for name in _defaults(type(self))}

    def set_params(self, **params: Any) -> Self:
        """Sets parameters of the constructor.

        Args:
            **params: the values by name.

        Returns:
            The estimator itself.

        Raises:
            ValueError: there is no such parameter.
        """
        valid = list(_defaults(type(self)))
        for name, value in params.items():
            if name not in valid:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}. "
                    f"Valid parameters are: {valid}."
                )
            setattr(self, name, value)
        return self

    def set_output(self, *, transform: str | None = None) -> Self:
        """Chooses what `transform` returns; anything but arrays needs scikit-learn.

        Args:
            transform: None or ``"default"``, or with scikit-learn ``"pandas"`` or ``"polars"``.

        Returns:
            The estimator itself.

        Raises:
            ImportError: the choice needs scikit-learn, which is not installed.
        """
        if transform not in (None, "default"):
            raise ImportError(f"transform={transform!r} needs scikit-learn: fewcolors[sklearn]")
        return self

    def __repr__(self) -> str:
        defaults = _defaults(type(self))
        given = [
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if repr(value) != repr(defaults[name])
        ]
        return f"{type(self).__name__}({', '.join(given)})"

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Returns the names of the columns that `transform` gives.

        Args:
            input_features: ignored.

        Returns:
            (n_clusters,) strings: the class's name in lower case, and a number.
        """
        self._check_fitted()
        prefix = type(self).__name__.lower()
        return np.array([f"{prefix}{i}" for i in range(self._n_features_out)], dtype=object)

    @property
    def _n_features_out(self) -> int:
        raise NotImplementedError

    def _validated(self, X: Any, *, reset: bool) -> npt.NDArray[Any]:
        """Returns X as an array of two dimensions, neither of them 0; of any real dtype."""
        values = np.asarray(X.toarray() if hasattr(X, "tocsr") else X)
        if np.iscomplexobj(values):
            raise ValueError("Complex data not supported")
        if values.ndim != 2:
            raise ValueError(f"Expected 2D array, got {values.ndim}D array instead")
        n_samples, n_features = values.shape
        if n_samples == 0 or n_features == 0:
            raise ValueError(
                f"Found array with {n_samples} sample(s) and {n_features} feature(s) "
                f"while a minimum of 1 is required"
            )
        if reset:
            self.n_features_in_ = n_features
        elif n_features != getattr(self, "n_features_in_", n_features):
            raise ValueError(
                f"X has {n_features} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input."
            )
        return values

    def _check_fitted(self) -> None:
        """Raises NotFittedError before the first fit."""
        if not hasattr(self, "cluster_centers_"):
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet.")


def _defaults(cls: type) -> dict[str, Any]:
    """Returns the constructor's parameters with their defaults, in alphabetical order."""
    parameters = inspect.signature(cls).parameters
    return {name: parameters[name].default for name in sorted(parameters)}


if TYPE_CHECKING:
    EstimatorBase = PlainBase

    class ConvergenceWarning(UserWarning):
        """The fit is not all that was asked for."""

    class NotFittedError(ValueError, AttributeError):
        """The estimator is used before it is fitted."""
else:
    try:
        from sklearn.base import (
            BaseEstimator,
            ClassNamePrefixFeaturesOutMixin,
            ClusterMixin,
            TransformerMixin,
        )
        from sklearn.exceptions import ConvergenceWarning, NotFittedError
        from sklearn.utils.validation import check_is_fitted, validate_data
    except ImportError:  # not installed, or older than 1.6
        EstimatorBase = PlainBase

        class ConvergenceWarning(UserWarning):
            """The fit is not all that was asked for."""

        class NotFittedError(ValueError, AttributeError):
            """The estimator is used before it is fitted."""
    else:

        class EstimatorBase(
            ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator
        ):
            """The same by scikit-learn's own means."""

            def _validated(self, X, *, reset):
                # Finiteness is checked on our own copy, whatever set_config says.
                values = validate_data(
                    self,
                    X,
                    reset=reset,
                    accept_sparse=True,
                    dtype=[np.float64, np.float32, np.uint8],
                    ensure_all_finite=False,
                )
                return values.toarray() if hasattr(values, "toarray") else values

            def __sklearn_tags__(self):
                tags = super().__sklearn_tags__()
                tags.input_tags.sparse = True
                tags.transformer_tags.preserves_dtype = ["float64", "float32"]
                return tags

            def _check_fitted(self):
                check_is_fitted(self, "cluster_centers_")
