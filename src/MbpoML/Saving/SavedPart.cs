using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>A part of a run whose class does not know the names of states: a random stream, or a few numbers of its owner.</summary>
/// <param name="name">The name under which it is kept.</param>
/// <param name="save">Writes it.</param>
/// <param name="restore">Puts it back.</param>
internal sealed class SavedPart(string name, Action<IStateWriter> save, Action<IStateReader> restore) : ISaved
{
    private const string State = "state";

    public string Name => name;

    /// <summary>A generator of torch, on the CPU.</summary>
    public static SavedPart Of(string name, Generator generator) => new(name, to => Save(to, State, generator), from => Restore(from, State, generator));

    /// <summary>A stream of random numbers.</summary>
    public static SavedPart Of(string name, RandomSource source) => new(
        name,
        to => to.Add(State, [.. source.State.Select(word => unchecked((long)word))]),
        from =>
        {
            var words = from.Integers(State);
            if (words.Length != 4 || words.All(word => word == 0)) throw from.Damaged($"the {name} is no state of a random generator");
            source.State = [.. words.Select(word => unchecked((ulong)word))];
        });

    public void Save(IStateWriter to) => save(to);

    public void Restore(IStateReader from) => restore(from);

    /// <summary>Writes the state of a generator.</summary>
    public static void Save(IStateWriter to, string value, Generator generator)
    {
        using var scope = NewDisposeScope();
        var state = generator.get_state();
        to.Add(value, state);
    }

    /// <summary>Puts a generator where it was when its state was written.</summary>
    /// <exception cref="CheckpointException">It is no state of a generator.</exception>
    public static void Restore(IStateReader from, string value, Generator generator)
    {
        using var scope = NewDisposeScope();
        var state = from.Tensor(value);
        try
        {
            GeneratorState.Restore(generator, state);
        }
        catch (ArgumentException exception)
        {
            throw from.Damaged($"'{value}' is no state of a random generator", exception);
        }
    }
}
