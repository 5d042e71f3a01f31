using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>What action sequences are worth: the mean over particles of the rewards that a model imagines along them.</summary>
/// <param name="task">Imagines the steps.</param>
/// <param name="options">How far, with how many particles, and what counts.</param>
internal sealed class ImaginedReturns(PlannedTask task, PlanningTransformer.Options options)
{
    // Outcomes that are imagined at once: 32 megabytes, and as much noise.
    private const long MostWholeNumbers = 8_000_000;

    /// <summary>The particles of each sequence with the model as it is now.</summary>
    /// <exception cref="InvalidOperationException">They cannot be dealt equally to the members.</exception>
    public int Particles
    {
        get
        {
            if (options.Propagation == Propagation.Mean && Ensemble is not null) return 1;
            var particles = options.Particles ?? (Ensemble is null ? 1 : DefaultParticles(Ensemble.EliteCount));
            if (Ensemble is { } ensemble && particles % ensemble.EliteCount != 0)
                throw new InvalidOperationException(
                    Invariant($"Particles is {particles}, but must be a multiple of the {ensemble.EliteCount} members that predict, so that each gets ") +
                        "equally many.");
            return particles;
        }
    }

    /// <summary>Rows that are imagined for one sequence.</summary>
    public long RowsOfSequence => (long)Particles * options.Horizon;

    private IEnsembleDynamicsModel? Ensemble => task.Model as IEnsembleDynamicsModel;

    /// <summary>Values sequences.</summary>
    /// <param name="starts">[rows, observation]</param>
    /// <param name="sequences">[rows, candidates, horizon, action], environment units.</param>
    /// <param name="generator">The generator of all random numbers of the imagined steps.</param>
    /// <returns>
    /// Values [rows, candidates], negative infinity where a particle left the range of numbers; and how the constraint was broken, [2, rows, candidates], null
    /// where there is none: by which share of the particles, and in which share of all their steps. The caller disposes them.
    /// </returns>
    public (Tensor Values, Tensor? Violations) Evaluate(Tensor starts, Tensor sequences, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (rows, candidates, particles) = (starts.size(0), sequences.size(1), Particles);
        var count = rows * candidates * particles;
        var observation = starts.unsqueeze(1).expand(rows, candidates * particles, starts.size(1)).reshape(count, starts.size(1));
        var returns = zeros([count], ScalarType.Float32, starts.device);
        var after = ones_like(returns).Times(options.RewardAfterEnd);
        var alive = ones([count], ScalarType.Bool, starts.device);
        var broken = options.Constraint is null ? null : zeros_like(alive);
        var brokenSteps = zeros_like(returns);
        var members = Dealt(rows * candidates, particles);
        var numbers = options.Rule is null ? null : ScalarArithmetic.Numbers(0, count, starts.device);
        var imagined = task.Imagined(options.Propagation);
        options.Rule?.Begin(new RolloutBeginning(count, task.Model, null, generator));
        var whole = Whole(imagined, observation, sequences, members, generator);
        // Of whole rollouts it is known beforehand whether any ends.
        var mayEnd = whole?.Step.Terminated.any().item<bool>() ?? true;
        var discount = 1.0;
        for (var index = 0; index < options.Horizon; index++)
        {
            using var step = NewDisposeScope();
            Tensor action, next, reward, terminated;
            if (whole is { } all)
            {
                var first = index * count;
                (observation, action) = (all.Observation.narrow(0, first, count), all.Action.narrow(0, first, count));
                (next, reward) = (all.Step.NextObservation.narrow(0, first, count), all.Step.Reward.narrow(0, first, count));
                terminated = all.Step.Terminated.narrow(0, first, count);
            }
            else
            {
                action = ActionsOf(sequences, index);
                var drawn = members is not null && options.Propagation == Propagation.MemberEachStep ? Redealt(members, particles, generator) : members;
                (next, reward, terminated) = imagined.StepUnchecked(observation, action, generator, drawn, alive);
            }

            var stopped = terminated;
            if (options.Rule is { } rule)
            {
                var verdict = rule.Judge(new RolloutStep(index, numbers!, observation, action, next, reward, terminated, task.Model));
                if (verdict.Reward is not null) reward = TensorCheck.Column(verdict.Reward, count, ScalarType.Float32, "The reward of the rollout rule");
                if (verdict.GoesOn is not null) stopped = terminated.logical_or(
                    TensorCheck.Column(verdict.GoesOn, count, ScalarType.Bool, "The rollout rule").logical_not());
            }

            if (options.Constraint is { } constraint)
            {
                var breaks = TensorCheck.Column(constraint.Evaluate(observation, action, next), count, ScalarType.Bool, "The constraint").logical_and(alive);
                broken!.logical_or_(breaks);
                brokenSteps.AddInPlace(breaks.to(ScalarType.Float32), 1.0 / options.Horizon);
            }

            returns.AddInPlace(mayEnd ? where(alive, reward, after) : reward, discount);
            if (mayEnd) alive.logical_and_(stopped.logical_not());
            discount *= options.Discount;
            observation = next.MoveToOuterDisposeScope();
        }

        options.Rule?.End();
        if (options.TerminalValue is { } terminal)
        {
            var value = TensorCheck.Column(terminal.Evaluate(observation), count, ScalarType.Float32, "The terminal value");
            returns.AddInPlace(where(alive, value, zeros_like(value)), discount);
        }

        // A model that predicts both may give a state of NaN a finite reward.
        var lost = observation.isfinite().all(1).logical_not().logical_and_(alive).view(rows, candidates, particles).any(2);
        var mean = returns.view(rows, candidates, particles).mean([2L]);
        var values = mean.Filled(mean.isfinite().logical_not().logical_or_(lost), double.NegativeInfinity);
        var violations = broken is null ? null
            : stack([broken.to(ScalarType.Float32), brokenSteps]).view(2, rows, candidates, particles).mean([3L]);
        return (values.MoveToOuterDisposeScope(), violations?.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Puts the sequences that break the constraint below all others: the more often they break it, the lower. So a search finds its way back. The unit is how
    /// far the others lie apart.
    /// </summary>
    /// <param name="values">[rows, candidates]</param>
    /// <param name="violations">Shares of particles and of steps, [2, rows, candidates]; null where there is no constraint.</param>
    /// <returns>[rows, candidates]; the caller disposes it.</returns>
    public Tensor Ranked(Tensor values, Tensor? violations)
    {
        if (violations is null) return values.alias();
        using var scope = NewDisposeScope();
        var finite = values.isfinite();
        var lowest = values.Filled(finite.logical_not(), double.PositiveInfinity).amin([1L], keepdim: true);
        var span = values.Filled(finite.logical_not(), double.NegativeInfinity).amax([1L], keepdim: true).sub(lowest).Plus(1);
        var breaks = violations.select(0, 0).Above(options.MaxViolation).logical_and_(finite);
        return where(breaks, lowest.sub(span.mul(violations.select(0, 1))), values).MoveToOuterDisposeScope();
    }

    // All steps at once where the model can and nobody has to see one before the next is made; null else.
    private (Tensor Observation, Tensor Action, ImaginedStep Step)? Whole(
        ImaginedEnvironment imagined, Tensor observation, Tensor sequences, Tensor? members, Generator generator)
    {
        var numbers = observation.size(0) * options.Horizon * (1 + observation.size(1));
        if (members is null || options.Propagation != Propagation.MemberEachRollout || options.Rule is not null || numbers > MostWholeNumbers) return null;
        var (particles, horizon, size) = (Particles, sequences.size(2), sequences.size(3));
        var actions = sequences.permute(2, 0, 1, 3).unsqueeze(3).expand(horizon, sequences.size(0), sequences.size(1), particles, size);
        // Particles of one sequence would share its memory, which the model reads row by row.
        return imagined.RollOutUnchecked(observation, actions.reshape(horizon, observation.size(0), size).contiguous(), generator, members);
    }

    private Tensor ActionsOf(Tensor sequences, int step)
    {
        var (rows, candidates, particles, size) = (sequences.size(0), sequences.size(1), Particles, sequences.size(3));
        return sequences.select(2, step).unsqueeze(2).expand(rows, candidates, particles, size).reshape(rows * candidates * particles, size);
    }

    // Particle p of every sequence keeps the same member: int64 [rows] on the CPU, null where the model draws by itself or nothing is drawn.
    private Tensor? Dealt(long sequences, int particles)
    {
        if (Ensemble is not { } ensemble || options.Propagation == Propagation.Mean) return null;
        long[] members = [.. Enumerable.Range(0, particles).Select(particle => (long)particle * ensemble.EliteCount / particles)];
        return tensor(members).repeat(sequences);
    }

    // TS1: the particles of each sequence are dealt to the members anew, to each equally many, so that no sequence is judged by a lucky choice of members.
    private static Tensor Redealt(Tensor members, int particles, Generator generator)
    {
        var dealt = members.view(-1, particles);
        var order = rand(dealt.shape, ScalarType.Float32, generator: generator).argsort(1);
        return dealt.gather(1, order).view(-1);
    }

    // PETS has 20, four for each of its five members.
    private static int DefaultParticles(int members) => members * Math.Max(1, 20 / members);
}
