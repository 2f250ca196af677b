import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from zoo.data.synthetic import motions


def test_recordings_have_six_finite_channels():
    for frames, activity in motions.generate(50, length=37):
        assert frames.shape == (37, 6) and frames.dtype == np.float32 and np.isfinite(frames).all()
        assert activity in motions.ACTIVITIES


def accuracy(model, describe):
    train, test = (motions.generate(400, seed=seed) for seed in (1, 2))
    model = make_pipeline(StandardScaler(), model)
    model.fit([describe(frames) for frames, _ in train], [activity for _, activity in train])
    return model.score([describe(frames) for frames, _ in test], [activity for _, activity in test])


def test_strength_does_not_tell_activities_and_time_does():
    level = accuracy(NearestCentroid(), lambda frames: np.r_[frames.mean(axis=0), frames.std(axis=0)])
    spectrum = accuracy(
        LogisticRegression(C=0.01, max_iter=500), lambda frames: np.abs(np.fft.rfft(frames, axis=0)).ravel()
    )
    assert 0.25 < level < 0.55 < 0.9 < spectrum


def test_an_empty_recording_is_an_error():
    with pytest.raises(ValueError, match="length=0"):
        motions.generate(1, length=0)
