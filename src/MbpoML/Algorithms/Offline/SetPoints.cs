using MbpoML.Data;
using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline;

/// <summary>
/// Numbers of an observation that come from outside: a plant does not change them. Models are not asked about them: a jump that nobody can foretell would pass
/// for noise of every step. Short rollouts keep them as they are.
/// </summary>
/// <param name="numbers">Their places in an observation, ascending or not, each once.</param>
internal sealed class SetPoints(IReadOnlyList<int> numbers) : IOutsideObservations
{
    /// <summary>Whether there are any.</summary>
    public bool Exist => numbers.Count > 0;

    /// <summary>Refuses numbers that no observation can have.</summary>
    /// <param name="numbers">Those of an option.</param>
    /// <param name="name">The option.</param>
    /// <exception cref="ArgumentException">One is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public static void Check(IReadOnlyList<int> numbers, string name)
    {
        ArgumentNullException.ThrowIfNull(numbers, name);
        foreach (var number in numbers) Numerics.Check.AtLeast(0, number, name);
        if (numbers.Distinct().Count() < numbers.Count)
            throw new ArgumentException($"{name} is [{string.Join(", ", numbers)}], which has a number twice: give each once.", name);
    }

    /// <summary>Refuses numbers that the observations of a log do not have, or that leave nothing to be learned.</summary>
    /// <param name="layout">The sizes of the log.</param>
    /// <exception cref="ArgumentException">There is one beyond the observation, or all of it is outside.</exception>
    public void Require(TransitionLayout layout)
    {
        var size = layout.ObservationSize;
        if (!numbers.All(number => number < size))
            throw new ArgumentException(
                Invariant($"SetPoints has {numbers.Max()}, but an observation of the log has {size} numbers: they are counted from 0."), nameof(layout));
        if (numbers.Count == size)
            throw new ArgumentException(
                Invariant($"SetPoints names all {size} numbers of an observation, so that there is no plant to learn: leave out what the plant changes."),
                nameof(layout));
    }

    /// <summary>Whether a number of an observation comes from outside.</summary>
    public bool Have(int number) => numbers.Contains(number);

    /// <inheritdoc/>
    public void Apply(Tensor observation, Tensor next)
    {
        using var scope = NewDisposeScope();
        foreach (var number in numbers) next.select(1, number).copy_(observation.select(1, number));
    }

    /// <summary>Transitions as a model learns them: set points stay as they were.</summary>
    /// <param name="layout">Where each field stands.</param>
    /// <param name="rows">[rows, width]; not changed.</param>
    /// <returns>[rows, width]: the same tensor where there are no set points.</returns>
    public Tensor Hold(TransitionLayout layout, Tensor rows)
    {
        if (!Exist) return rows;
        var held = rows.clone();
        using var scope = NewDisposeScope();
        Apply(layout.Observation(held), layout.NextObservation(held));
        return held;
    }
}
