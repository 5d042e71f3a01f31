using MbpoML.Acting;
using MbpoML.Data.Replay;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>What an algorithm is within a run: how it learns at each step, in the order of its paper. Everything around it is the run's.</summary>
/// <remarks>
/// The run explores, acts in the environment, evaluates, measures, reports, writes checkpoints and deals with faults. It calls <see cref="Step"/> once for each
/// real step after the exploration.
/// </remarks>
public interface IAlgorithm : ISaved, IDisposable
{
    /// <summary>Acts in the environment and is evaluated.</summary>
    IPolicy Policy { get; }

    /// <summary>One real environment step with all the learning that belongs to it.</summary>
    /// <param name="run">The run: its data, its environment, its clock. The parts of a step are passed through it, so that a stopped run goes on where it
    /// was.</param>
    void Step(RunContext run);

    /// <summary>A copy of the policy as it stands; after a fault the last one that was found sound.</summary>
    PolicyTransformer ToTransformer();

    /// <summary>What was measured in the updates since the last call, by metric name; empty when there was none.</summary>
    IReadOnlyDictionary<string, double> TakeMetrics();

    /// <summary>Looks at the updates since the last call. By default nothing is looked at.</summary>
    /// <exception cref="LearningException">Learning has diverged.</exception>
    void ThrowIfDiverged()
    {
    }

    /// <summary>Whether a dynamics model is fitted. Default: none is.</summary>
    bool UsesModel => false;

    /// <summary>Whether what is imagined ends only where a termination function says so. Default: no.</summary>
    bool NeedsTermination => false;

    /// <summary>The dynamics model; null before its first fit, and by default.</summary>
    FittedModel? Model => null;

    /// <summary>Receives the real steps beside the run's own transitions; null by default: those are enough.</summary>
    IEpisodeSink? Episodes => null;

    /// <summary>The imagined transitions that the policy learns from; null by default.</summary>
    ReplayPool? Imagined => null;
}
