using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>What a search is asked at one step: which action sequence is worth most from where each episode is now.</summary>
public sealed class PlanningProblem
{
    private readonly Func<Tensor, Tensor> _evaluate;
    private readonly Func<Tensor, Tensor>? _restrict;
    private long _left;

    /// <summary>A problem whose values any function gives.</summary>
    /// <param name="rows">The number of episodes planned side by side, at least 1.</param>
    /// <param name="horizon">H, the actions of a sequence.</param>
    /// <param name="actionSize">m, the dimensions of an action.</param>
    /// <param name="evaluate">
    /// Gives the values [rows, candidates] of sequences [rows, candidates, horizon, action]: the larger the better; negative infinity for a sequence that
    /// cannot be judged.
    /// </param>
    /// <param name="restrict">Changes sequences so that they keep other limits than the bounds, such as those of the rate; null: there are none.</param>
    /// <param name="budget">The most sequences of each episode that may be evaluated; null: no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public PlanningProblem(
        int rows, int horizon, int actionSize, Func<Tensor, Tensor> evaluate, Func<Tensor, Tensor>? restrict = null, long? budget = null)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        (Rows, Horizon, ActionSize) = (Check.AtLeast(1, rows), Check.AtLeast(1, horizon), Check.AtLeast(1, actionSize));
        (_evaluate, _restrict, _left) = (evaluate, restrict, Check.AtLeast(1L, budget ?? long.MaxValue, nameof(budget)));
    }

    /// <summary>Episodes side by side.</summary>
    public int Rows { get; }

    /// <summary>H, the actions of a sequence.</summary>
    public int Horizon { get; }

    /// <summary>m, the dimensions of an action.</summary>
    public int ActionSize { get; }

    /// <summary>Sequences of each episode that were evaluated so far.</summary>
    public long Evaluated { get; private set; }

    /// <summary>How many of so many candidates the budget still allows; 0 ends the search.</summary>
    /// <param name="candidates">The number of sequences wanted for each episode.</param>
    public int Affordable(int candidates) => (int)Math.Min(candidates, _left);

    /// <summary>What sequences are worth.</summary>
    /// <param name="sequences">The sequences, [rows, candidates, horizon, action], with values from -1 to 1.</param>
    /// <returns>[rows, candidates]; negative infinity where the model left the range of numbers. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The sequences have another shape or type.</exception>
    /// <exception cref="InvalidOperationException">The function gave something else than one value a sequence.</exception>
    public Tensor Evaluate(Tensor sequences)
    {
        TensorCheck.Alive(sequences);
        if (sequences.dtype != ScalarType.Float32 || sequences.dim() != 4 || sequences.size(0) != Rows || sequences.size(2) != Horizon
            || sequences.size(3) != ActionSize)
            throw new ArgumentException(
                Invariant($"The sequences are {sequences.dtype} [{string.Join(", ", sequences.shape)}], but must be ") +
                    Invariant($"Float32 [{Rows}, candidates, {Horizon}, {ActionSize}]."), nameof(sequences));
        var candidates = sequences.size(1);
        (_left, Evaluated) = (_left - candidates, Evaluated + candidates);
        var values = _evaluate(sequences);
        if (values is null || values.dim() != 2 || values.size(0) != Rows || values.size(1) != candidates || values.dtype != ScalarType.Float32)
            throw new InvalidOperationException(
                $"The function that values sequences gave {(values is null ? "null" : $"{values.dtype} [{string.Join(", ", values.shape)}]")}, but must give " +
                    Invariant($"Float32 [{Rows}, {candidates}]."));
        return values;
    }

    /// <summary>The sequences nearest to the given ones that may be taken: within the bounds and the limits of the rate.</summary>
    /// <param name="sequences">The sequences, [rows, candidates, horizon, action].</param>
    /// <returns>The same shape; the caller disposes it.</returns>
    public Tensor Restrict(Tensor sequences)
    {
        TensorCheck.Alive(sequences);
        var bounded = sequences.Clamped(-1, 1);
        if (_restrict is null) return bounded;
        using (bounded) return _restrict(bounded);
    }
}
