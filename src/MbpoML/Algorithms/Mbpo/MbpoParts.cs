using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>Line 1 of Algorithm 2: the policy, the predictive model, the environment dataset and the model dataset, with what draws from them.</summary>
internal sealed class MbpoParts : IDisposable
{
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="settings">What MBPO needs to know beside its stages.</param>
    /// <param name="policy">Made for this run; disposed with the parts.</param>
    /// <param name="dynamics">Made for this run; disposed with the parts.</param>
    /// <param name="termination">Tells which imagined transitions end the task, or null.</param>
    /// <param name="reward">The reward where it is known, or null.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="directPools">Whether pools on the CPU are reached through their address, as is fastest, rather than by the tensor operations that other devices need.</param>
    public MbpoParts(
        TransitionLayout layout, MbpoSettings settings, IPolicyLearner policy, IDynamicsLearner dynamics, ITerminationFunction? termination, IRewardFunction? reward, int seed, bool directPools = true)
    {
        // Minibatches are drawn far more often than anything else: the pools stand where the policy learns.
        RealPool = NewPool(settings.RealPoolCapacity);
        ModelPool = NewPool(settings.Rollouts.PoolCapacity(1, settings.EpochLength, settings.ModelTrainingInterval));
        (Policy, Model) = (policy, new ModelFit(dynamics, RealPool, settings.IsSaved));
        Imagined = new ImaginedEnvironment(() => dynamics.Model, termination, reward);
        Feed = LearnerFeed.For(policy, settings, this, seed);
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        RollingOut = new Generator((ulong)Seeds.Derive(seed, "rollouts"), CPU);
        NeedsModel = Feed.UsesImagined || policy is IModelBasedLearner { NeedsModel: true };
        if (policy is IModelBasedLearner { NeedsModel: true } learner) learner.UseModel(Imagined);

        ReplayPool NewPool(long capacity) => new(layout, capacity, policy.Device, directPools && policy.Device.type == TorchSharp.DeviceType.CPU);
    }

    /// <summary>π_φ with its critics.</summary>
    public IPolicyLearner Policy { get; }

    /// <summary>p_θ</summary>
    public ModelFit Model { get; }

    /// <summary>D_env</summary>
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
    public IEnumerable<ISaved> Saved => [.. Policy is ISaved policy ? (ISaved[])[policy] : [], Model, ModelPoolPart, SavedPart.Of("rollouts", RollingOut), Feed];

    private SavedPart ModelPoolPart => new("imagined", ModelPool.Save, from => ModelPool.Restore(from, keepsCapacity: false));

    public void Dispose()
    {
        Policy.Dispose();
        Feed.Dispose();
        Model.Dispose();
        RealPool.Dispose();
        ModelPool.Dispose();
        RollingOut.Dispose();
    }
}
