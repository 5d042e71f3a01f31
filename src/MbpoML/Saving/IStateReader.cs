using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>
/// Gives the state of a part back as named values. The values may come from a stranger: what is missing or of another form is said, never read.
/// </summary>
public interface IStateReader
{
    /// <summary>The names of all values.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Whether there is a value of this name.</summary>
    /// <param name="name">The name to look for.</param>
    bool Has(string name);

    /// <summary>Reads an array of any shape.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <returns>A copy on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">There is no such value, or it is too large to be read at once.</exception>
    Tensor Tensor(string name);

    /// <summary>Reads a list of real numbers.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is of another type.</exception>
    double[] Doubles(string name);

    /// <summary>Reads a list of whole numbers.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is of another type.</exception>
    long[] Integers(string name);

    /// <summary>Reads a list of bytes.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is of another type.</exception>
    byte[] Bytes(string name);

    /// <summary>Reads a text.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is of another type.</exception>
    string Text(string name);

    /// <summary>Reads a float32 matrix block by block, in the order of its rows.</summary>
    /// <param name="name">The name under which the value was written.</param>
    /// <param name="most">The most rows that are accepted.</param>
    /// <param name="width">The values that a row must have.</param>
    /// <param name="take">Takes a block, [rows of the block, width] on the CPU, which is only lent.</param>
    /// <exception cref="CheckpointException">There is no such value, or it is of another type, width or height.</exception>
    void Rows(string name, long most, long width, Action<Tensor> take);

    /// <summary>What to throw where the content makes no sense.</summary>
    /// <param name="reason">What is wrong, without a full stop.</param>
    /// <param name="cause">The exception that was caught; null where there is none.</param>
    CheckpointException Damaged(string reason, Exception? cause = null);
}
