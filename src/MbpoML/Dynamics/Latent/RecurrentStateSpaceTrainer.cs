using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Latent;

/// <summary>
/// The recurrent state-space model of PlaNet (D. Hafner et al., "Learning Latent Dynamics for Planning from Pixels", ICML 2019, arXiv:1811.04551): it learns
/// from frames what goes on behind them, as a state of which one part is remembered and the other drawn.
/// </summary>
/// <remarks>Made by <c>rl.Dynamics.RecurrentStateSpace</c>. It holds only settings; its learners hold the weights.</remarks>
public sealed partial class RecurrentStateSpaceTrainer : ILatentDynamicsEstimator, IStage
{
    private readonly Options _options;

    internal RecurrentStateSpaceTrainer(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
    }

    /// <summary>The frames of a chunk.</summary>
    internal int ChunkLength => _options.ChunkLength;

    string IStage.StageName => "latent dynamics model";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The device is not there, the layers do not fit the frames, or a bound of the actions is infinite.</exception>
    public ILatentDynamicsLearner CreateLearner(FrameShape frames, BoxSpace actionSpace, int seed, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(actionSpace);
        if (!actionSpace.IsBounded)
            throw new ArgumentException("The action space has an infinite bound, but the model takes actions between finite ones.", nameof(actionSpace));
        var place = Devices.Parse(_options.Device ?? device ?? "cpu", nameof(device));
        return new RecurrentStateSpaceLearner(new RecurrentStateSpaceShape(_options, frames, actionSpace), _options, _options.Seed ?? seed, place);
    }
}
