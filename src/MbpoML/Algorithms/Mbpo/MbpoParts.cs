using MbpoML.Algorithms.Mbpo.Feeds;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>Line 1 of Algorithm 2: the policy, the predictive model, the environment dataset and the model dataset, with what draws from them.</summary>
internal sealed class MbpoParts : ILearnedParts, IDisposable
{
    /// <param name="setup">The sizes, the functions of the task and the seed.</param>
    /// <param name="settings">What MBPO needs to know beside its stages.</param>
    /// <param name="policy">Made for this run; disposed with the parts.</param>
    /// <param name="dynamics">Made for this run; disposed with the parts.</param>
    /// <param name="directPools">Whether pools on the CPU are reached through their address, as is fastest, rather than by the tensor operations that other
    /// devices need.</param>
    public MbpoParts(AlgorithmSetup setup, MbpoSettings settings, IPolicyLearner policy, IDynamicsLearner dynamics, bool directPools = true)
    {
        // Minibatches are drawn far more often than anything else: the pools stand where the policy learns.
        RealPool = setup.Transitions(policy.Device, directPools);
        var capacity = settings.Rollouts.PoolCapacity(1, settings.EpochLength, settings.ModelTrainingInterval);
        ModelPool = new ReplayPool(setup.Layout, capacity, policy.Device, directPools && policy.Device.type == TorchSharp.DeviceType.CPU);
        (Policy, Model) = (policy, new ModelFit(dynamics, RealPool, settings.IsSaved));
        Imagined = new ImaginedEnvironment(() => dynamics.Model, setup.Termination, setup.Reward);
        Feed = LearnerFeed.For(policy, settings, this, setup.Seed);
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        RollingOut = new Generator((ulong)Seeds.Derive(setup.Seed, "rollouts"), CPU);
        NeedsModel = Feed.NeedsModel || policy is IModelBasedLearner { NeedsModel: true };
        if (policy is IModelBasedLearner { NeedsModel: true } learner) learner.UseModel(Imagined);
    }

    /// <summary>π_φ with its critics.</summary>
    public IPolicyLearner Policy { get; }

    /// <summary>p_θ</summary>
    public ModelFit Model { get; }

    /// <summary>D_env, which is the run's.</summary>
    public ReplayPool RealPool { get; }

    /// <summary>D_model</summary>
    public ReplayPool ModelPool { get; }

    /// <summary>The task as p_θ imagines it.</summary>
    public ImaginedEnvironment Imagined { get; }

    /// <summary>What the policy learns from.</summary>
    public ILearnerFeed Feed { get; }

    /// <summary>Start states, actions and predictions of the rollouts.</summary>
    public Generator RollingOut { get; }

    /// <summary>Whether a dynamics model is fitted: for imagined transitions, or because the policy learner asks it.</summary>
    public bool NeedsModel { get; }

    /// <summary>What survives a stop, but for the real transitions, which are the run's.</summary>
    public IEnumerable<ISaved> Saved =>
        [.. Policy is ISaved policy ? (ISaved[])[policy] : [], Model, ModelPoolPart, SavedPart.Of("rollouts", RollingOut), Feed];

    bool ILearnedParts.UsesImagined => Feed.UsesImagined;

    void ILearnedParts.Update(int updatesLeft) => Feed.Update(updatesLeft);

    private SavedPart ModelPoolPart => new("imagined", ModelPool.Save, from => ModelPool.Restore(from, keepsCapacity: false));

    public void Dispose()
    {
        Policy.Dispose();
        Feed.Dispose();
        Model.Dispose();
        ModelPool.Dispose();
        RollingOut.Dispose();
    }
}
