using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>What writers and readers of states have in common, whatever they write to.</summary>
public static class StateExtensions
{
    /// <summary>A writer whose names all begin with "name/".</summary>
    /// <param name="writer">The writer that receives the values.</param>
    /// <param name="name">The name of a part.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IStateWriter Under(this IStateWriter writer, string name)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new PrefixedStateWriter(writer, $"{name}/");
    }

    /// <summary>A reader of the values whose names begin with "name/".</summary>
    /// <param name="reader">The source of the values.</param>
    /// <param name="name">The name of a part.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IStateReader Under(this IStateReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new PrefixedStateReader(reader, $"{name}/");
    }

    /// <summary>Reads one whole number.</summary>
    /// <param name="reader">The source of the values.</param>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is something else.</exception>
    public static long WholeNumber(this IStateReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.Integers(name) is [var value] ? value : throw reader.Damaged($"'{name}' is not one number");
    }

    /// <summary>Reads one whole number that is not negative.</summary>
    /// <param name="reader">The source of the values.</param>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is something else.</exception>
    public static long Count(this IStateReader reader, string name)
    {
        var value = reader.WholeNumber(name);
        return value >= 0 ? value : throw reader.Damaged(Invariant($"'{name}' is {value}, but must not be negative"));
    }

    /// <summary>Reads an array of a certain type and shape.</summary>
    /// <param name="reader">The source of the values.</param>
    /// <param name="name">The name under which the value was written.</param>
    /// <param name="type">The type that the array must have.</param>
    /// <param name="shape">The shape that the array must have; null: one dimension of any length.</param>
    /// <returns>A copy on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">There is no such value, or it has another shape or type.</exception>
    public static Tensor Tensor(this IStateReader reader, string name, ScalarType type, long[]? shape)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var value = reader.Tensor(name);
        if (value.dtype == type && (shape is null ? value.dim() == 1 : shape.SequenceEqual(value.shape))) return value;
        using (value)
        {
            throw reader.Damaged(
                $"'{name}' is {value.dtype} [{string.Join(", ", value.shape)}], but {type} [{(shape is null ? "values" : string.Join(", ", shape))}] is " +
                "needed; " +
                "go on with the options and the environment that it was saved with");
        }
    }

    /// <summary>Saves parts, each under its name.</summary>
    /// <param name="parts">The parts, whose names differ.</param>
    /// <param name="to">The writer that receives the values.</param>
    public static void Save(this IEnumerable<ISaved> parts, IStateWriter to)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(to);
        foreach (var part in parts) part.Save(to.Under(part.Name));
    }

    /// <summary>Restores parts. <see cref="ISaved.Restored"/> is not called.</summary>
    /// <param name="parts">The parts, whose names differ.</param>
    /// <param name="from">The source of the values.</param>
    /// <exception cref="CheckpointException">A value is missing, has another shape or type, or makes no sense.</exception>
    public static void Restore(this IEnumerable<ISaved> parts, IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(from);
        foreach (var part in parts) part.Restore(from.Under(part.Name));
    }

    /// <summary>Tells parts that all of them have their state.</summary>
    /// <param name="parts">The parts, whose names differ.</param>
    /// <param name="from">The source of the values.</param>
    /// <exception cref="CheckpointException">The parts contradict each other.</exception>
    public static void Restored(this IEnumerable<ISaved> parts, IStateReader from)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(from);
        foreach (var part in parts) part.Restored(from.Under(part.Name));
    }
}
