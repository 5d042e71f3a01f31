using MbpoML.Environments;

namespace MbpoML.Dynamics.Latent;

/// <summary>Makes learners of a latent dynamics model: only its settings. Implement it for a model of your own.</summary>
public interface ILatentDynamicsEstimator
{
    /// <summary>Makes a learner that has learned nothing yet.</summary>
    /// <param name="frames">The channels, rows and columns of the frames to come.</param>
    /// <param name="actionSpace">The space of the actions, whose bounds are finite.</param>
    /// <param name="seed">Decides all its randomness: equal seeds and equal episodes give equal models.</param>
    /// <param name="device">Where the run wants it, such as "cpu" or "cuda"; a device of the estimator's own options wins. Null: the CPU.</param>
    /// <exception cref="ArgumentException">The device is not there, the layers do not fit the frames, or a bound of the actions is infinite.</exception>
    ILatentDynamicsLearner CreateLearner(FrameShape frames, BoxSpace actionSpace, int seed, string? device = null);
}
