using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>What ME-TRPO learns with: the policy, the members of the model, the real transitions, and the optimization under way.</summary>
internal sealed class MeTrpoParts : ILearnedParts, IDisposable
{
    private readonly MeTrpoSettings _settings;
    private readonly int _seed;

    /// <param name="setup">The sizes, the functions of the task and the seed.</param>
    /// <param name="settings">What ME-TRPO needs to know beside its stages.</param>
    /// <param name="policy">Made for this run; disposed with the parts. It is an <see cref="IParameterizedLearner"/> too.</param>
    /// <param name="dynamics">Made for this run; disposed with the parts.</param>
    public MeTrpoParts(AlgorithmSetup setup, MeTrpoSettings settings, IEpisodeLearner policy, IDynamicsLearner dynamics)
    {
        (_settings, _seed, Learner) = (settings, setup.Seed, policy);
        RealPool = setup.Transitions(policy.Device);
        // Episodes are imagined anew for each update.
        ModelPool = new ReplayPool(setup.Layout, 1);
        Model = new ModelFit(dynamics, RealPool, setup.IsSaved);
        var single = dynamics.IsEnsemble ? Propagation.MemberEachRollout : Propagation.MemberEachStep;
        Optimization = new PolicyOptimization(
            policy, settings, setup.Layout, Imagined(settings.Rollouts.Propagation),
            new MemberReturns(Imagined(single), policy.EpisodeSteps, Seeds.Derive(setup.Seed, "validation-noise")), setup.Seed);
        Policy = new ExploringPolicy((IParameterizedLearner)policy, settings.ActionNoise, settings.ParameterNoise, Optimization.LastChange);

        ImaginedEnvironment Imagined(Propagation propagation) => new(() => dynamics.Model, setup.Termination, setup.Reward, propagation);
    }

    /// <summary>Improves the policy.</summary>
    public IEpisodeLearner Learner { get; }

    /// <summary>Acts in the environment.</summary>
    public ExploringPolicy Policy { get; }

    public ModelFit Model { get; }

    public ReplayPool RealPool { get; }

    public ReplayPool ModelPool { get; }

    /// <summary>What follows each fit of the model.</summary>
    public PolicyOptimization Optimization { get; }

    /// <summary>What survives a stop, but for the real transitions, which are the run's.</summary>
    public IEnumerable<ISaved> Saved => [.. Learner is ISaved policy ? (ISaved[])[policy] : [], Model, Optimization];

    IPolicyLearner? ILearnedParts.Policy => Learner;

    bool ILearnedParts.UsesImagined => false;

    void ILearnedParts.Update(int updatesLeft) => Optimization.Learn();

    /// <summary>Begins an optimization in the model that was just fitted.</summary>
    /// <param name="run">Has the environment.</param>
    public void BeginOptimization(RunContext run)
    {
        using var scope = NewDisposeScope();
        // Scales that came with the first update would make another policy of the one that was validated.
        Learner.Look(RealPool.ToRows());
        Optimization.Begin(
            Starts(run, _settings.Rollouts.StartCount, Seeds.Derive(_seed, "imagined-starts", run.Step)),
            // The same in every optimization where the environment gives them.
            Starts(run, _settings.ValidationStarts, Seeds.Derive(_seed, "validation-starts")));
    }

    public void Dispose()
    {
        Optimization.Dispose();
        Learner.Dispose();
        Model.Dispose();
        ModelPool.Dispose();
    }

    private Tensor Starts(RunContext run, int count, int seed)
    {
        if (_settings.Rollouts.Starts == StartStates.Resets) return run.DrawStarts(count, seed);
        using var generator = new Generator((ulong)seed, CPU);
        if (_settings.Rollouts.Starts == StartStates.Transitions) return RealPool.SampleObservations(count, generator);
        var rows = RealPool.ToRows();
        var beginnings = EpisodeNumbers.Beginnings(RealPool.Layout, rows, cut: RealPool.TotalAdded > RealPool.Count ? run.EnvironmentsAtOnce : 0);
        var chosen = beginnings.index_select(0, randint(beginnings.size(0), [count], ScalarType.Int64, generator: generator));
        return RealPool.Layout.Observation(rows).index_select(0, chosen.to(rows.device));
    }
}
