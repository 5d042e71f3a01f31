using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Environments.Wrappers;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Planning;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Catalog;

/// <summary>Measures how far a learned model can be trusted: the experiments of the paper and its talk for any environment, numbers out.</summary>
public sealed class DiagnosticsCatalog
{
    internal DiagnosticsCatalog(ComponentContext context) => ArgumentNullException.ThrowIfNull(context);

    /// <summary>
    /// One episode beside many replays of its actions through the model: what the model imagines, how sure it is, and what really happened (the paper's figures
    /// 4a and 4b).
    /// </summary>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="environment">The task; it is reset, and left where the episode ends.</param>
    /// <param name="policy">Acts in the environment, with its most likely actions. The same actions are then given to the model, whatever states it comes
    /// to.</param>
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
        var episode = EpisodeRecorder.Record(environment.Guarded(), policy, steps, seed);
        return FanReplay.Run(model, episode, samples, Seeds.Derive(seed, "fan"), environment.ObservationSpace.Names);
    }

    /// <summary>
    /// How the model's error grows with the number of imagined steps, over many starts on real episodes whose actions are replayed, and whether the model knows
    /// it.
    /// </summary>
    /// <remarks>Starts have a whole horizon of their episode after them: see <see cref="HorizonError.TerminatedShare"/> where episodes terminate.</remarks>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="environment">The environment in which the episodes are played; it is reset.</param>
    /// <param name="policy">Acts in the environment, drawing its actions.</param>
    /// <param name="horizon">The number of imagined steps, at least 1.</param>
    /// <param name="starts">Places on the episodes from which they are imagined, at least 1.</param>
    /// <param name="samples">Replays from each, at least 2: a single one has neither mean nor spread.</param>
    /// <param name="seed">Determines episodes, places and draws.</param>
    /// <exception cref="ArgumentException">Sizes differ, no episode is as long as the horizon, or there are too few steps, starts or samples.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public HorizonError GrowthOfError(
        IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon = 50, int starts = 200, int samples = 20, int seed = 0)
    {
        CheckSizes(model, environment, policy);
        Check.AtLeast(1, horizon);
        Check.AtLeast(1, starts);
        Check.AtLeast(2, samples);
        return HorizonReplay.Run(model, environment.Guarded(), policy, horizon, starts, samples, seed);
    }

    /// <summary>Returns that the model promises beside the one the environment gives, from the same start (the paper's figure 4c).</summary>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="environment">The environment in which the real episode is played; it is reset.</param>
    /// <param name="policy">Acts in both, drawing its actions.</param>
    /// <param name="horizon">The number of steps of each return, at least 1.</param>
    /// <param name="samples">The number of imagined rollouts, at least 2.</param>
    /// <param name="seed">Determines the start and the draws.</param>
    /// <param name="termination">Where imagined rollouts end, as in <see cref="Training.TrainingOptions.Termination"/>; null: the environment's function, and
    /// the model's word where it has none.</param>
    /// <param name="reward">What imagined rollouts earn, as in <see cref="Training.TrainingOptions.Reward"/>; null: the environment's function, and the model's
    /// word where it has none.</param>
    /// <exception cref="ArgumentException">Model, policy and environment have different sizes, or there are too few steps or samples.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    public ModelReturns Returns(
        IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon = 450, int samples = 100, int seed = 0,
        ITerminationFunction? termination = null, IRewardFunction? reward = null)
    {
        CheckSizes(model, environment, policy);
        Check.AtLeast(1, horizon);
        Check.AtLeast(2, samples);
        return ReturnReplay.Run(new ImaginedEnvironment(model, termination ?? environment.Termination, reward ?? environment.Reward), environment.Guarded(),
            policy, horizon, samples, seed);
    }

    /// <summary>ε_π: how far a policy has moved from another, on given states.</summary>
    /// <param name="policy">π, the policy that has moved.</param>
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
        return Evaluation.Diagnostics.PolicyShift.Measure(policy, collecting, observations);
    }

    /// <summary>The model's error on transitions: ε_m of the bounds, one number between 0 and 1, and other measures of it.</summary>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="transitions">Transitions that it was not fitted to.</param>
    /// <param name="scale">
    /// [observation + 1], the size of a change of reward and of each observation that counts as large; null: the standard deviations of the changes in these
    /// transitions. A dimension that changes always by the same amount, as a clock does, has the scale 1. Differences up to the rounding to single precision (4
    /// units in the last place of the largest) count as the same. Compare models with one scale only.
    /// </param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a scale is not positive.</exception>
    public ModelError ModelError(IEnsembleDynamicsModel model, IDataView transitions, IReadOnlyList<double>? scale = null, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(transitions);
        using var table = TransitionReader.Read(transitions, columns);
        return Evaluation.Diagnostics.ModelError.Measure(model, table, scale);
    }

    /// <summary>All that the return bounds ask for, measured on a model and the transitions that came in after it was fitted.</summary>
    /// <remarks>
    /// A run whose schedule asks for it (<see cref="RolloutSchedule.BoundRecommended"/>) measures the same quantities, with three differences. The unit of its
    /// errors is that of all its transitions, old and new. It takes at most the newest 5000 unseen transitions and a sample of 5000 fitted ones. Its ε_π is the
    /// mean over 1000 states of the distance between the policy and the one that collected the state; it remembers up to 32 policies.
    /// </remarks>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="fitted">The transitions that it was fitted to (<see cref="Algorithms.Mbpo.TrainingSnapshot.TransitionsOfFit"/>): of ε_m, of the states on
    /// which policies are compared, and of the unit of both errors.</param>
    /// <param name="unseen">Transitions that came in later (<see cref="Algorithms.Mbpo.TrainingSnapshot.TransitionsSince"/> its
    /// <see cref="Algorithms.Mbpo.TrainingSnapshot.FittedStep"/>), of policies on the way from <paramref name="collecting"/> to <paramref name="policy"/>: of
    /// ε_m′.</param>
    /// <param name="policy">π, the policy as it stands now.</param>
    /// <param name="collecting">π_D, which collected the transitions that the model was fitted to.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a view has no rows.</exception>
    /// <exception cref="ObjectDisposedException">A policy was disposed.</exception>
    public ModelTrust Trust(
        IEnsembleDynamicsModel model, IDataView fitted, IDataView unseen, PolicyTransformer policy, PolicyTransformer collecting,
        TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(unseen);
        var shift = PolicyShift(policy, collecting, fitted, columns);
        using var before = TransitionReader.Read(fitted, columns);
        using var after = TransitionReader.Read(unseen, columns);
        var onData = Evaluation.Diagnostics.ModelError.Measure(model, before, scale: null);
        var now = Evaluation.Diagnostics.ModelError.Measure(model, after, onData.Scale);
        return new ModelTrust(now.MixtureTotalVariation, shift.MeanTotalVariation, onData.MixtureTotalVariation,
            Math.Max(before.LargestReward(), after.LargestReward()));
    }

    /// <summary>Whether the model knows how uncertain it is: the share of what really happened inside its central intervals, after one step.</summary>
    /// <param name="model">The fitted dynamics model to measure.</param>
    /// <param name="transitions">Transitions that it was not fitted to.</param>
    /// <param name="levels">How many intervals, at least 1: with 19 those of 5, 10, ... 95 %.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Sizes differ, or there is no level.</exception>
    public ModelCalibration Calibration(IEnsembleDynamicsModel model, IDataView transitions, int levels = 19, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(transitions);
        Check.AtLeast(1, levels);
        using var table = TransitionReader.Read(transitions, columns);
        Evaluation.Diagnostics.ModelError.CheckLayout(model, table);
        return ModelCalibration.Measure(model, table, levels);
    }

    /// <summary>
    /// How the model's error grows as the policy moves away from the one that collected the data, for several amounts of data (the paper's figure 1).
    /// </summary>
    /// <param name="environment">The task. It is stepped for the largest training size once, and for the test transitions of each policy.</param>
    /// <param name="policies">First the policy that collects the data, then others ever further away from it, at least one; for instance those of
    /// <see cref="Algorithms.Mbpo.TrainingSnapshot.OptimizeFurther"/>.</param>
    /// <param name="options">Sizes, how models are fitted, and the seed; the defaults when null.</param>
    /// <returns>A curve for each training size, ascending.</returns>
    /// <exception cref="ArgumentException">There are fewer than two policies, one is null or of another task, or an option is out of range.</exception>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    /// <exception cref="LearningException">Fitting a model diverged.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public IReadOnlyList<GeneralizationCurve> Generalization(
        IEnvironment environment, IReadOnlyList<PolicyTransformer> policies, GeneralizationOptions? options = null)
    {
        environment.RequireSpaces();
        ArgumentNullException.ThrowIfNull(policies);
        options ??= new GeneralizationOptions();
        options.Validate();
        if (policies.Count < 2)
            throw new ArgumentException($"There are {policies.Count} policies; give the one that collects the data, and at least one other.", nameof(policies));
        foreach (var policy in policies)
        {
            ArgumentNullException.ThrowIfNull(policy, nameof(policies));
            CheckSizes(environment, policy, nameof(policies));
        }

        var dynamics = options.Dynamics.Copy();
        return new GeneralizationStudy((layout, seed) => new EnsembleLearner(layout, dynamics, seed, Devices.Parse(dynamics.Device ?? "cpu")),
            options).Run(environment.Guarded(), policies);
    }

    /// <summary>
    /// An episode of a latent planner beside what its model imagines of it: after some frames the model sees only the actions. The tool makes a film of it.
    /// </summary>
    /// <param name="planner">The planner that acts; its latent model makes the predictions.</param>
    /// <param name="environment">The task, observed as pictures of the planner's sizes. The caller keeps it.</param>
    /// <param name="seen">The frames that the model sees, at least 1. Default: 5, as in the pictures of PlaNet.</param>
    /// <param name="steps">The most steps of the episode, at least <paramref name="seen"/>. Default: 50.</param>
    /// <param name="seed">Decides the start of the episode and the draws.</param>
    /// <exception cref="ArgumentException">A number is too small, or the environment has other frames or actions.</exception>
    /// <exception cref="ObjectDisposedException">The planner was disposed.</exception>
    public OpenLoopPrediction OpenLoop(LatentPlanningTransformer planner, IEnvironment environment, int seen = 5, int steps = 50, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(planner);
        ArgumentNullException.ThrowIfNull(environment);
        return Evaluation.Diagnostics.OpenLoop.Predict(planner, environment, seen, steps, seed);
    }

    private static void CheckSizes(IDynamicsModel model, IEnvironment environment, IPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(policy);
        var (observations, actions) = (environment.ObservationSpace.Size, environment.ActionSpace.Size);
        if (model.Layout.ObservationSize != observations || model.Layout.ActionSize != actions)
            throw new ArgumentException(
                Invariant($"The model is of {model.Layout.ObservationSize} observations and {model.Layout.ActionSize} actions, but the environment has ") +
                    Invariant($"{observations} and {actions}."),
                nameof(model));
        CheckSizes(environment, policy, nameof(policy));
    }

    private static void CheckSizes(IEnvironment environment, IPolicy policy, string argument)
    {
        var (observations, actions) = (environment.ObservationSpace.Size, environment.ActionSpace.Size);
        if (policy.ObservationSize != observations || policy.ActionSpace.Size != actions)
            throw new ArgumentException(
                Invariant($"The policy is of {policy.ObservationSize} observations and {policy.ActionSpace.Size} actions, but the environment has ") +
                    Invariant($"{observations} and {actions}."), argument);
    }
}
