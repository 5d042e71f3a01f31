using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Evaluation;

/// <summary>Measures how far a learned model can be trusted: the experiments of the paper and its talk for any environment, numbers out.</summary>
public sealed class DiagnosticsCatalog
{
    internal DiagnosticsCatalog(ComponentContext context) => ArgumentNullException.ThrowIfNull(context);

    /// <summary>One episode beside many replays of its actions through the model: what the model imagines, how sure it is, and what really happened (the paper's figures 4a and 4b).</summary>
    /// <param name="model">The model.</param>
    /// <param name="environment">The task; it is reset, and left where the episode ends.</param>
    /// <param name="policy">Acts in the environment, with its most likely actions. The same actions are then given to the model, whatever states it comes to.</param>
    /// <param name="steps">Steps of the episode, at least 1; fewer where the environment ends it before.</param>
    /// <param name="samples">Replays, at least 2. The paper has 1000.</param>
    /// <param name="seed">Determines the start and the draws.</param>
    /// <exception cref="ArgumentException">Model, policy and environment have different sizes, or there are too few steps or samples.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public RolloutFan Fan(IDynamicsModel model, IEnvironment environment, IPolicy policy, int steps = 450, int samples = 1000, int seed = 0)
    {
        CheckSizes(model, environment, policy);
        Check.AtLeast(1, steps);
        Check.AtLeast(2, samples);
        var episode = EpisodeRecorder.Record(environment.WithChecks(), policy, steps, seed);
        return FanReplay.Run(model, episode, samples, Seeds.Derive(seed, "fan"));
    }

    /// <summary>How the model's error grows with the number of imagined steps, averaged over many starts on real episodes whose actions are replayed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="environment">The task.</param>
    /// <param name="policy">Acts in the environment, drawing its actions.</param>
    /// <param name="horizon">Imagined steps, at least 1.</param>
    /// <param name="starts">Places on the episodes from which they are imagined, at least 1.</param>
    /// <param name="samples">Replays from each, at least 2.</param>
    /// <param name="seed">Determines episodes, places and draws.</param>
    /// <exception cref="ArgumentException">Sizes differ, no episode is as long as the horizon, or there are too few steps, starts or samples.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public HorizonError GrowthOfError(IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon = 50, int starts = 200, int samples = 20, int seed = 0)
    {
        CheckSizes(model, environment, policy);
        Check.AtLeast(1, horizon);
        Check.AtLeast(1, starts);
        Check.AtLeast(2, samples);
        return HorizonReplay.Run(model, environment.WithChecks(), policy, horizon, starts, samples, seed);
    }

    /// <summary>Returns that the model promises beside the one the environment gives, from the same start (the paper's figure 4c).</summary>
    /// <param name="model">The model.</param>
    /// <param name="environment">The task; its termination and reward functions, where it has them, also judge what is imagined.</param>
    /// <param name="policy">Acts in both, drawing its actions.</param>
    /// <param name="horizon">Steps, at least 1.</param>
    /// <param name="samples">Imagined rollouts, at least 2.</param>
    /// <param name="seed">Determines the start and the draws.</param>
    /// <exception cref="ArgumentException">Model, policy and environment have different sizes, or there are too few steps or samples.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public ModelReturns Returns(IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon = 450, int samples = 100, int seed = 0)
    {
        CheckSizes(model, environment, policy);
        Check.AtLeast(1, horizon);
        Check.AtLeast(2, samples);
        return ReturnReplay.Run(model, environment.WithChecks(), policy, horizon, samples, seed);
    }

    /// <summary>ε_π: how far a policy has moved from another, on given states.</summary>
    /// <param name="policy">π</param>
    /// <param name="collecting">π_D, the policy that collected the data.</param>
    /// <param name="states">A view with the observation column, such as the collected transitions.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Sizes differ, or the view lacks the column.</exception>
    /// <exception cref="ObjectDisposedException">A policy was disposed.</exception>
    public PolicyShift PolicyShift(PolicyTransformer policy, PolicyTransformer collecting, IDataView states, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(collecting);
        ArgumentNullException.ThrowIfNull(states);
        using var observations = TransitionReader.ReadVectors(states, (columns ?? TransitionColumns.Default).Observation);
        return Evaluation.PolicyShift.Measure(policy, collecting, observations);
    }

    /// <summary>ε_m: the model's error on transitions, as one number between 0 and 1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="transitions">Transitions that it was not fitted to.</param>
    /// <param name="scale">
    /// [observation + 1], the size of a change of reward and of each observation that counts as large; null: the standard deviations of the changes in these transitions, 1 where all are the same. Compare models
    /// with one scale only.
    /// </param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a scale is not positive.</exception>
    public ModelError ModelError(IEnsembleDynamicsModel model, IDataView transitions, IReadOnlyList<double>? scale = null, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(transitions);
        using var table = TransitionReader.Read(transitions, columns);
        return Evaluation.ModelError.Measure(model, table, scale);
    }

    private static void CheckSizes(IDynamicsModel model, IEnvironment environment, IPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(policy);
        var (observations, actions) = (environment.ObservationSpace.Size, environment.ActionSpace.Size);
        if (model.Layout.ObservationSize != observations || model.Layout.ActionSize != actions)
            throw new ArgumentException(
                $"The model is of {model.Layout.ObservationSize} observations and {model.Layout.ActionSize} actions, but the environment has {observations} and {actions}.", nameof(model));
        if (policy.ObservationSize != observations || policy.ActionSpace.Size != actions)
            throw new ArgumentException($"The policy is of {policy.ObservationSize} observations and {policy.ActionSpace.Size} actions, but the environment has {observations} and {actions}.", nameof(policy));
    }
}
