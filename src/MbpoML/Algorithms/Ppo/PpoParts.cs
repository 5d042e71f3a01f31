using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Ppo;

/// <summary>What PPO learns with: the policy, and the real transitions, of which it takes the newest.</summary>
internal sealed class PpoParts : ILearnedParts, IDisposable
{
    private readonly int _stepsPerUpdate;

    /// <param name="setup">The pool of the run.</param>
    /// <param name="policy">Learns; disposed with the parts.</param>
    /// <param name="stepsPerUpdate">Real transitions of an update.</param>
    public PpoParts(AlgorithmSetup setup, IEpisodeLearner policy, int stepsPerUpdate)
    {
        (Policy, _stepsPerUpdate) = (policy, stepsPerUpdate);
        RealPool = setup.Transitions(policy.Device);
        // Nothing is imagined.
        ModelPool = new ReplayPool(setup.Layout, 1);
    }

    public IEpisodeLearner Policy { get; }

    public ReplayPool RealPool { get; }

    public ReplayPool ModelPool { get; }

    /// <summary>What survives a stop, but for the real transitions, which are the run's.</summary>
    public IEnumerable<ISaved> Saved => Policy is ISaved saved ? [saved] : [];

    IPolicyLearner? ILearnedParts.Policy => Policy;

    ModelFit? ILearnedParts.Model => null;

    bool ILearnedParts.UsesImagined => false;

    /// <summary>One update from the newest transitions, split into their episodes; the last one may be cut.</summary>
    /// <param name="updatesLeft">Does not matter.</param>
    public void Update(int updatesLeft)
    {
        using var scope = NewDisposeScope();
        var count = Math.Min(_stepsPerUpdate, RealPool.Count);
        if (count == 0) throw new InvalidOperationException("There are no transitions to learn from yet.");
        var rows = empty(count, RealPool.Layout.Width, ScalarType.Float32, RealPool.Device);
        RealPool.CopyRows(RealPool.Count - count, rows);
        // Environments that step at once store their rows in turn.
        rows = rows.index_select(0, tensor(InterleavedEpisodes.Order(RealPool.Layout, rows), device: RealPool.Device));
        var numbers = EpisodeNumbers.Of(RealPool.Layout, rows);
        Policy.Update(new ImaginedEpisodes(RealPool.Layout, rows, numbers, (int)numbers.select(0, count - 1).item<long>() + 1));
    }

    public void Dispose()
    {
        Policy.Dispose();
        ModelPool.Dispose();
    }
}
