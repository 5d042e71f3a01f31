using System.Globalization;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>
/// The task as a dynamics model imagines it: the model's step, with the reward and the termination of the task where they are known. The one place where a step
/// is imagined.
/// </summary>
public sealed class ImaginedEnvironment
{
    private readonly Func<IDynamicsModel> _model;
    private readonly ITerminationFunction? _termination;
    private readonly IRewardFunction? _reward;
    private readonly IOutsideObservations? _outside;

    /// <summary>The task as a fitted model imagines it.</summary>
    /// <param name="model">The dynamics model that predicts the steps.</param>
    /// <param name="termination">Tells which imagined transitions end the task. Default: the model's own prediction, or never.</param>
    /// <param name="reward">The reward where it is known. Default: the model's prediction.</param>
    /// <param name="propagation">Which member of an ensemble imagines. Default: another one at each step, as in MBPO.</param>
    /// <exception cref="ArgumentNullException">There is no model.</exception>
    /// <exception cref="ArgumentException">The propagation needs an ensemble, which the model is not.</exception>
    public ImaginedEnvironment(
        IDynamicsModel model, ITerminationFunction? termination = null, IRewardFunction? reward = null, Propagation propagation = Propagation.MemberEachStep)
        : this(() => model, termination, reward, propagation)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!Enum.IsDefined(propagation))
            throw new ArgumentOutOfRangeException(
                nameof(propagation), propagation, $"propagation must be one of {string.Join(", ", Enum.GetNames<Propagation>())}.");
        if (propagation != Propagation.MemberEachStep && model is not IEnsembleDynamicsModel)
            throw new ArgumentException(
                $"propagation is {propagation}, which needs an {nameof(IEnsembleDynamicsModel)}, but the model is {model.GetType().Name}.",
                nameof(propagation));
    }

    /// <param name="model">Gives the model as it is now: it changes with each fit.</param>
    /// <param name="termination">Tells which imagined transitions end the task, or null.</param>
    /// <param name="reward">The reward where it is known, or null.</param>
    /// <param name="propagation">Which member of an ensemble imagines.</param>
    /// <param name="outside">What comes from outside in place of the model's word; null: nothing does.</param>
    internal ImaginedEnvironment(
        Func<IDynamicsModel> model, ITerminationFunction? termination, IRewardFunction? reward, Propagation propagation = Propagation.MemberEachStep,
        IOutsideObservations? outside = null) =>
        (_model, _termination, _reward, Propagation, _outside) = (model, termination, reward, propagation, outside);

    /// <summary>The model as it is now.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    public IDynamicsModel Model => _model();

    /// <summary>Which member of an ensemble imagines.</summary>
    public Propagation Propagation { get; }

    /// <summary>Tells which imagined transitions end the task; null where that is left to the model.</summary>
    internal ITerminationFunction? Termination => _termination;

    /// <summary>The reward where it is known; null where the model predicts it.</summary>
    internal IRewardFunction? Reward => _reward;

    /// <summary>Draws the members that imagine whole rollouts.</summary>
    /// <param name="rows">The number of rollouts that need a member.</param>
    /// <param name="generator">The generator of all random numbers of the draw.</param>
    /// <returns>
    /// int64 [rows] on the CPU, which the caller keeps beside its rows and gives to <see cref="Step"/>; null where <see cref="Propagation"/> needs none.
    /// </returns>
    public Tensor? DrawMembers(long rows, Generator generator)
    {
        if (Propagation != Propagation.MemberEachRollout) return null;
        TensorCheck.Alive(generator);
        return randint(Ensemble(Model).EliteCount, [rows], ScalarType.Int64, generator: generator);
    }

    /// <summary>One imagined step a row.</summary>
    /// <param name="observation">The observations, float32 [batch, observation], in the environment's units.</param>
    /// <param name="action">The actions, float32 [batch, action], in the environment's units.</param>
    /// <param name="generator">The generator of all random numbers of the step.</param>
    /// <param name="members">What <see cref="DrawMembers"/> gave for these rows.</param>
    /// <param name="index">The number of the step within its rollout, from 0, for messages; null where it belongs to none.</param>
    /// <exception cref="LearningException">The model predicted a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">There is no model yet, or one of the functions returned null or a tensor of the wrong form.</exception>
    /// <exception cref="ArgumentException">Members are missing, or the tensors do not fit the model.</exception>
    public ImaginedStep Step(Tensor observation, Tensor action, Generator generator, Tensor? members = null, int? index = null)
    {
        var step = Imagine(observation, action, generator, members);
        if (_reward is not null) step = step with { Reward = KnownReward.Of(_reward, observation, action, step.NextObservation) };
        CheckFinite(observation, step.NextObservation, step.Reward, index);
        return step with { Terminated = Ending(observation, action, step) };
    }

    /// <summary>
    /// A step like <see cref="Step"/>, but one that may leave the range of numbers, for those who measure where a model does. A known reward is NaN there.
    /// </summary>
    /// <param name="observation">[batch, observation]</param>
    /// <param name="action">[batch, action]</param>
    /// <param name="generator">The generator of all random numbers of the step.</param>
    /// <param name="members">What <see cref="DrawMembers"/> gave, or somebody dealt.</param>
    /// <param name="goesOn">Which rows are not over, bool [batch]: a known reward of the others is 0, and nobody is asked. Null: none is.</param>
    internal ImaginedStep StepUnchecked(Tensor observation, Tensor action, Generator generator, Tensor? members = null, Tensor? goesOn = null)
    {
        var step = Imagine(observation, action, generator, members);
        if (_reward is not null) step = step with { Reward = KnownReward.Anywhere(_reward, observation, action, step.NextObservation, goesOn) };
        return step with { Terminated = Ending(observation, action, step) };
    }

    /// <summary>Whole rollouts like steps of <see cref="StepUnchecked"/> one after the other, of a model that makes them faster at once.</summary>
    /// <param name="observation">Where they start, [rows, observation].</param>
    /// <param name="actions">[steps, rows, action]</param>
    /// <param name="generator">The generator of all random numbers.</param>
    /// <param name="members">What <see cref="DrawMembers"/> gave, or somebody dealt.</param>
    /// <returns>All steps below each other, [steps · rows, ...], and what they began with; null where the model makes single steps only.</returns>
    internal (Tensor Observation, Tensor Action, ImaginedStep Step)? RollOutUnchecked(
        Tensor observation, Tensor actions, Generator generator, Tensor members)
    {
        if (_outside is not null || Propagation != Propagation.MemberEachRollout || Model is not IRolloutModel { RollsOut: true } model) return null;
        var (steps, rows) = (actions.size(0), actions.size(1));
        var outcomes = model.SampleRollouts(observation, actions, members, generator);
        var (reward, next) = (outcomes.select(1, 0), outcomes.narrow(1, 1, outcomes.size(1) - 1));
        var before = steps == 1 ? observation : cat([observation, next.narrow(0, 0, (steps - 1) * rows)], 0);
        var action = actions.view(steps * rows, actions.size(2));
        var step = new ImaginedStep(next, reward, null!);
        step = step with { Terminated = Ending(before, action, step) };
        if (_reward is not null)
            step = step with { Reward = KnownReward.Anywhere(_reward, before, action, next, KnownReward.GoingOn(step.Terminated, rows)) };
        return (before, action, step);
    }

    // By the model alone. Reward and termination are asked once the numbers are known to be some, or not to be.
    private ImaginedStep Imagine(Tensor observation, Tensor action, Generator generator, Tensor? members)
    {
        var sample = Sample(observation, action, generator, members);
        var next = sample.NextObservation;
        _outside?.Apply(observation, next);
        return new ImaginedStep(next, sample.Reward, sample.Terminated!);
    }

    private Tensor Ending(Tensor observation, Tensor action, ImaginedStep step)
    {
        var next = step.NextObservation;
        return _termination is null
            ? step.Terminated ?? zeros(next.shape[0], ScalarType.Bool, next.device)
            : TensorCheck.Column(_termination.Evaluate(observation, action, next), next.shape[0], ScalarType.Bool, "The termination function");
    }

    private DynamicsSample Sample(Tensor observation, Tensor action, Generator generator, Tensor? members)
    {
        var model = Model;
        switch (Propagation)
        {
            case Propagation.MemberEachRollout:
                ArgumentNullException.ThrowIfNull(members);
                return Ensemble(model).SampleMembers(observation, action, members, generator);
            case Propagation.Mean:
                var (mean, deviation) = Ensemble(model).Predict(observation, action);
                using (deviation) return new DynamicsSample(mean.narrow(1, 1, mean.size(1) - 1), mean.select(1, 0));
            case Propagation.Fused:
                return MemberFusion.Sample(Ensemble(model), observation, action, generator);
            default:
                return model.Sample(observation, action, generator);
        }
    }

    // The model of a run is known only once it was fitted.
    private IEnsembleDynamicsModel Ensemble(IDynamicsModel model) => model as IEnsembleDynamicsModel ?? throw new InvalidOperationException(
        $"The propagation is {Propagation}, which needs an {nameof(IEnsembleDynamicsModel)}, but the model is {model.GetType().Name}.");

    private void CheckFinite(Tensor observation, Tensor next, Tensor rewards, int? index)
    {
        var place = index is { } step ? Invariant($"at step {step} of a rollout") : "in the target of the critics";
        // A sum is finite exactly when, in practice, all its terms are: one pass instead of a mask.
        var (states, earned) = (next.sum(ScalarType.Float64).item<double>(), rewards.sum(ScalarType.Float64).item<double>());
        var sum = states + earned;
        if (_reward is not null && double.IsFinite(states) && !double.IsFinite(earned))
            throw new InvalidOperationException(Invariant($"The reward function returned a value that is not finite {place}: their sum is {earned}."));
        if (!double.IsFinite(sum))
            throw new LearningException(
                "sum of the imagined observations and rewards", sum,
                $"The dynamics model predicted a value that is not finite {place}: {DescribeFault(observation, next, rewards, index)}");
    }

    // What the model was asked about tells whether it had left its transitions already.
    private static string DescribeFault(Tensor observation, Tensor next, Tensor rewards, int? index)
    {
        using var scope = NewDisposeScope();
        var wrong = cat([next, rewards.unsqueeze(1)], 1).isfinite().logical_not();
        var size = observation.shape[1];
        var dimension = wrong.any(0).to(ScalarType.Int64).argmax().item<long>();
        var rows = wrong.any(1).sum().item<long>();
        var largest = observation.abs().amax([0L]);
        var farthest = largest.argmax().item<long>();
        var name = rows == 0 ? "the sum of all" : dimension < size ? string.Create(CultureInfo.InvariantCulture, $"next observation {dimension}")
            : "the reward";
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, in {rows} of {observation.shape[0]} rows, from observations that reach {largest[farthest].item<float>():g4} in dimension " +
                    $"{farthest}. ") +
            (index == 0
                ? "It was asked about start states, so look at the transitions that it was fitted to, and at its settings."
                : "If that is more than real observations reach, the imagined steps have left what the model knows: ask it for fewer steps ahead.");
    }
}
