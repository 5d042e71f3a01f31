using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using MbpoML.Rollouts;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>All that a run carries from step to step: learners, pools, random streams and counters.</summary>
internal sealed partial class TrainingState : IDisposable
{
    /// <param name="context">The ML.NET context that the stages belong to.</param>
    /// <param name="layout">The sizes of the transitions.</param>
    /// <param name="options">Of the loop.</param>
    /// <param name="dynamics">Stage 1.</param>
    /// <param name="rollouts">Stage 2.</param>
    /// <param name="policy">Stage 3.</param>
    /// <param name="actionSpace">The environment's actions.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="directPools">Whether pools on the CPU are reached through their address, as is fastest, rather than by the tensor operations that other devices need.</param>
    public TrainingState(
        ComponentContext context, TransitionLayout layout, MbpoTrainer.Options options, IEstimator<ITransformer> dynamics, BranchedRollouts rollouts,
        IPolicyEstimator policy, BoxSpace actionSpace, int seed, bool directPools = true)
    {
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        Exploration = new RandomSource(Seeds.Derive(seed, "exploration"));
        Acting = new Generator((ulong)Seeds.Derive(seed, "acting"), CPU);
        RollingOut = new Generator((ulong)Seeds.Derive(seed, "rollouts"), CPU);
        Sampling = new Generator((ulong)Seeds.Derive(seed, "minibatches"), CPU);
        Dynamics = DynamicsPlug.CreateLearner(dynamics, layout, Seeds.Derive(seed, "dynamics"), options.Columns, options.Device);
        var policySeed = Seeds.Derive(seed, "policy");
        Policy = policy is SoftActorCriticTrainer sac
            ? sac.CreateLearner(layout, actionSpace, policySeed, options.Device)
            : policy.CreateLearner(layout, actionSpace, policySeed) ?? throw new InvalidOperationException($"CreateLearner of {policy.GetType().Name} returned null.");
        // Minibatches are drawn far more often than anything else: the pools stand where the policy learns.
        RealPool = NewPool(options.RealPoolCapacity);
        ModelPool = NewPool(rollouts.PoolCapacity(1, options.EpochLength, options.ModelTrainingInterval));
        Minibatches = new Minibatches(options, RealPool, ModelPool, Sampling);

        ReplayPool NewPool(long capacity) => new(layout, capacity, Policy.Device, directPools && Policy.Device.type == TorchSharp.DeviceType.CPU);
    }

    /// <summary>p_theta, fitted again and again.</summary>
    public IDynamicsLearner Dynamics { get; }

    /// <summary>pi_phi with its critics.</summary>
    public IPolicyLearner Policy { get; }

    /// <summary>D_env</summary>
    public ReplayPool RealPool { get; }

    /// <summary>D_model</summary>
    public ReplayPool ModelPool { get; }

    /// <summary>What the policy learns from: rows of both pools.</summary>
    public Minibatches Minibatches { get; }

    /// <summary>The random actions of the exploration.</summary>
    public RandomSource Exploration { get; }

    /// <summary>The actions drawn from the policy in the environment.</summary>
    public Generator Acting { get; }

    /// <summary>Start states, actions and predictions of the rollouts.</summary>
    public Generator RollingOut { get; }

    /// <summary>The rows of the minibatches.</summary>
    public Generator Sampling { get; }

    /// <summary>Steps of random exploration; the model is fitted for the first time after them. Known once the run has begun.</summary>
    public int FirstPolicyStep { get; private set; }

    /// <summary>Real transitions that were no steps of this run. Known once the run has begun.</summary>
    public long LoggedTransitions { get; private set; }

    /// <summary>Real transitions, logged ones included, that there were when the model was fitted; 0 before the first fit.</summary>
    public long FittedTransitions { get; set; }

    /// <summary>Whether a dynamics model is fitted: for imagined transitions, or because the policy learner asks it.</summary>
    public bool NeedsModel => Minibatches.UsesImagined || Policy is IModelBasedLearner { NeedsModel: true };

    /// <summary>How far the run is within its step.</summary>
    public StepPosition Position { get; set; }

    /// <summary>Policy updates that remain of the step.</summary>
    public int UpdatesLeft { get; set; }

    /// <summary>Real environment steps so far, random ones included.</summary>
    public int Step { get; set; }

    /// <summary>Policy updates so far.</summary>
    public long Updates { get; set; }

    /// <summary>k as last used.</summary>
    public int RolloutLength { get; set; } = 1;

    /// <summary>Gives a policy learner that asks the model the steps it imagines, by the model as it is fitted at the time.</summary>
    public void UseModel(BranchedRolloutGenerator rollouts)
    {
        if (Policy is IModelBasedLearner { NeedsModel: true } learner) learner.UseModel((observation, action, generator) => rollouts.Step(observation, action, Dynamics.Model, generator));
    }

    /// <summary>Begins a run with the transitions that are in the real pool.</summary>
    /// <exception cref="ArgumentException">The options leave no step for the policy, or no transition for the model.</exception>
    public void Begin(MbpoTrainer.Options options)
    {
        LoggedTransitions = RealPool.TotalAdded;
        FirstPolicyStep = options.FirstPolicyStep(RealPool.Count, NeedsModel);
    }

    public void Dispose()
    {
        Policy.Dispose();
        Minibatches.Dispose();
        Dynamics.Dispose();
        RealPool.Dispose();
        ModelPool.Dispose();
        Acting.Dispose();
        RollingOut.Dispose();
        Sampling.Dispose();
    }
}
