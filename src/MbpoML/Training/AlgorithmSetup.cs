using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>What an algorithm is made from, before its run begins.</summary>
public sealed class AlgorithmSetup
{
    private readonly TrainingOptions _options;
    private ReplayPool? _transitions;

    internal AlgorithmSetup(IEnvironment environment, TrainingOptions options, int seed, bool isSaved)
    {
        Layout = new TransitionLayout(environment.ObservationSpace.Size, environment.ActionSpace.Size);
        (ActionSpace, _options, Seed, IsSaved) = (environment.ActionSpace, options, seed, isSaved);
        (Termination, Reward) = (options.Termination ?? environment.Termination, options.Reward ?? environment.Reward);
    }

    /// <summary>The sizes of the transitions.</summary>
    public TransitionLayout Layout { get; }

    /// <summary>The environment's actions, with finite bounds.</summary>
    public BoxSpace ActionSpace { get; }

    /// <summary>The seed of all random numbers. Derive a seed for each stream from it.</summary>
    public int Seed { get; }

    /// <summary>Whether the run writes checkpoints, so that what is stopped half-way must leave no trace.</summary>
    public bool IsSaved { get; }

    /// <summary>Tells which imagined transitions end the task; null where nobody knows.</summary>
    public ITerminationFunction? Termination { get; }

    /// <summary>The reward of imagined transitions; null where it is not known.</summary>
    public IRewardFunction? Reward { get; }

    /// <summary>The pool of the real transitions, which the run fills and disposes.</summary>
    /// <param name="device">Where the transitions stand; counts in the first call only. Null: the CPU.</param>
    /// <param name="directly">Whether a pool on the CPU is reached through its address, as is fastest, rather than by the tensor operations that other devices
    /// need.</param>
    internal ReplayPool Transitions(Device? device, bool directly) =>
        _transitions ??= new ReplayPool(Layout, _options.RealPoolCapacity, device ?? CPU, directly && (device ?? CPU).type == TorchSharp.DeviceType.CPU);

    /// <summary>The pool of the real transitions, which the run fills and disposes.</summary>
    /// <param name="device">Where the transitions stand; counts in the first call only. Null: the CPU.</param>
    public ReplayPool Transitions(Device? device = null) => Transitions(device, directly: true);
}
