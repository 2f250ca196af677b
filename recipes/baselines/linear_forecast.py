"""DLinear's forecast: a linear function of the trend of the history and of the rest."""

import numpy as np

# Values that a trend is the mean of; strengths of the penalty, of which validation chooses one.
WIDTH = 25
STRENGTHS = (1e-3, 1e-1, 10.0, 1000.0)


def linear_forecast(
    train: tuple[np.ndarray, np.ndarray], validation: tuple[np.ndarray, np.ndarray], test: np.ndarray
) -> np.ndarray:
    """Return forecasts of DLinear for the histories of the test split.

        y = W_t trend(x) + W_s (x - trend(x)) + b,    x and y relative to the last value of the history

    The trend is a mean over 25 neighbours, the ends repeated. Differs from the paper in the fit: ridge regression in
    closed form with a penalty chosen on validation, instead of gradient steps.

    Shapes:
        train and validation: history (N, S) and future (N, T) of the target column; test (N, S) -> (N, T).
    Reference: Zeng et al. 2023, arXiv:2205.13504.
    """
    history, future = train
    models = [_ridge(_features(history), future - history[:, -1:], strength) for strength in STRENGTHS]
    errors = [np.mean(np.square(_predict(model, validation[0]) - validation[1])) for model in models]
    return _predict(models[int(np.argmin(errors))], test)


def _ridge(inputs: np.ndarray, targets: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights (D, T) and intercepts (T,) of least squares with the penalty strength |W|^2."""
    means, target_means = inputs.mean(axis=0), targets.mean(axis=0)
    centred = inputs - means
    gram = centred.T @ centred + strength * np.eye(inputs.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (targets - target_means))
    return weights, target_means - means @ weights


def _predict(model: tuple[np.ndarray, np.ndarray], history: np.ndarray) -> np.ndarray:
    weights, intercepts = model
    return _features(history) @ weights + intercepts + history[:, -1:]


def _features(history: np.ndarray) -> np.ndarray:
    """(N, S) -> (N, 2 S), float64."""
    history = history.astype("float64")
    relative = history - history[:, -1:]
    before = (WIDTH - 1) // 2
    padded = np.pad(relative, [(0, 0), (before, WIDTH - 1 - before)], mode="edge")
    trend = np.lib.stride_tricks.sliding_window_view(padded, WIDTH, axis=1).mean(axis=-1)
    return np.concatenate([trend, relative - trend], axis=1)
