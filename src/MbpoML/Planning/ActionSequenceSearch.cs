using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>The memory of a search: the sequences that its next search begins with, and the shift in time.</summary>
/// <param name="horizon">H</param>
/// <param name="actionSize">m</param>
/// <param name="repeatsLast">Whether the last action is repeated when sequences move on; else the middle of the bounds comes after it.</param>
internal abstract class ActionSequenceSearch(int horizon, int actionSize, bool repeatsLast) : IActionSequenceSearch
{
    private const string State = "mean";
    private Tensor? _mean;

    public string Name => "search";

    /// <summary>The middle of the search, [rows, horizon, action].</summary>
    /// <exception cref="InvalidOperationException">No episode was begun.</exception>
    protected Tensor Mean => _mean ?? throw new InvalidOperationException("No episode was begun: call Begin first.");

    public virtual void Begin(int rows)
    {
        Check.AtLeast(1, rows);
        Remember(zeros([rows, horizon, actionSize], ScalarType.Float32));
    }

    public ActionSequences Search(PlanningProblem problem, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(problem);
        TensorCheck.Alive(generator);
        if (problem.Rows != Mean.size(0) || problem.Horizon != horizon || problem.ActionSize != actionSize)
            throw new ArgumentException(
                Invariant($"The problem has {problem.Rows} rows, {problem.Horizon} steps and {problem.ActionSize} action dimensions, but the search ") +
                    Invariant($"was begun with {Mean.size(0)}, {horizon} and {actionSize}."), nameof(problem));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var found = Find(problem, generator);
        return new ActionSequences(found.Actions.MoveToOuterDisposeScope(), found.Value.MoveToOuterDisposeScope());
    }

    public virtual void Advance(int steps)
    {
        Check.AtLeast(1, steps);
        using var scope = NewDisposeScope();
        Remember(Shifted(Mean, 1, steps));
    }

    public virtual void Keep(Tensor rows)
    {
        TensorCheck.Alive(rows);
        using var scope = NewDisposeScope();
        Remember(Mean.index_select(0, rows.cpu()));
    }

    public virtual void Save(IStateWriter to)
    {
        using var none = zeros(0, horizon, actionSize);
        to.Add(State, _mean ?? none);
    }

    public virtual void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        Remember(Read(from, State, [horizon, actionSize]));
    }

    public virtual void Dispose()
    {
        _mean?.Dispose();
        _mean = null;
    }

    /// <summary>The search itself, in a scope of its own and without gradients.</summary>
    protected abstract ActionSequences Find(PlanningProblem problem, Generator generator);

    /// <summary>Keeps a middle for the next search.</summary>
    protected void Remember(Tensor mean)
    {
        var before = _mean;
        _mean = mean.clone().DetachFromDisposeScope();
        before?.Dispose();
    }

    /// <summary>Sequences without their first actions, and with as many new ones at the end.</summary>
    /// <param name="sequences">The horizon stands at <paramref name="dimension"/>.</param>
    /// <param name="dimension">The dimension along which time runs, from 0.</param>
    /// <param name="steps">The number of actions that are left out, at least 0.</param>
    protected Tensor Shifted(Tensor sequences, int dimension, int steps)
    {
        steps = Math.Min(steps, horizon);
        var last = sequences.narrow(dimension, horizon - 1, 1);
        long[] shape = [.. sequences.shape];
        shape[dimension] = steps;
        var added = repeatsLast ? last.expand(shape) : zeros(shape, ScalarType.Float32);
        return cat([sequences.narrow(dimension, steps, horizon - steps), added], dimension);
    }

    /// <summary>The best sequences of each row, best first.</summary>
    /// <param name="sequences">[rows, candidates, horizon, action]</param>
    /// <param name="values">[rows, candidates]</param>
    /// <param name="count">How many.</param>
    /// <returns>[rows, count, horizon, action] and their values [rows, count].</returns>
    protected static (Tensor Sequences, Tensor Values) Best(Tensor sequences, Tensor values, int count)
    {
        // A stable sort, so that ties are broken alike everywhere.
        var (sorted, order) = values.sort(1, descending: true, stable: true);
        var chosen = order.narrow(1, 0, count);
        var index = chosen.unsqueeze(2).unsqueeze(3).expand(chosen.size(0), count, sequences.size(2), sequences.size(3));
        return (sequences.gather(1, index), sorted.narrow(1, 0, count));
    }

    /// <summary>One sequence a row with what it is worth, evaluated anew.</summary>
    protected static ActionSequences Judge(PlanningProblem problem, Tensor sequence)
    {
        var restricted = problem.Restrict(sequence.unsqueeze(1));
        return new ActionSequences(restricted.squeeze(1), problem.Evaluate(restricted).squeeze(1));
    }

    /// <summary>Reads a state of sequences; where it has no row, nothing was remembered.</summary>
    protected static Tensor Read(IStateReader from, string name, ReadOnlySpan<long> rest)
    {
        var value = from.Tensor(name);
        if (value.dtype == ScalarType.Float32 && value.dim() == rest.Length + 1 && value.shape.AsSpan(1).SequenceEqual(rest)) return value;
        throw from.Damaged(
            $"'{name}' is {value.dtype} [{string.Join(", ", value.shape)}], but Float32 [rows, {string.Join(", ", rest.ToArray())}] is needed");
    }

    /// <summary>Fails where no candidate could be judged.</summary>
    protected static void CheckJudged(Tensor values)
    {
        if (values.amax([1L]).isfinite().all().item<bool>()) return;
        throw new LearningException(
            "value of an action sequence", double.NegativeInfinity,
            "Every action sequence that was imagined left the range of numbers: the model does not hold as far as the planner looks. Plan fewer steps ahead, " +
                "or fit the model to more transitions.");
    }
}
