using static TorchSharp.torch;

namespace MbpoML.Saving;

/// <summary>Receives the state of a part as named values: numbers, text, bytes and arrays. Each name is used once.</summary>
public interface IStateWriter
{
    /// <summary>Adds an array of any shape.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="value">float32, float64, int64 or uint8, of any shape, on any device; copied at once.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before, or the array has another type.</exception>
    void Add(string name, Tensor value);

    /// <summary>Adds a list of real numbers.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="values">Any count of numbers, also none.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before.</exception>
    void Add(string name, ReadOnlySpan<double> values);

    /// <summary>Adds a list of whole numbers.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="values">Any count of numbers, also none.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before.</exception>
    void Add(string name, params ReadOnlySpan<long> values);

    /// <summary>Adds a list of bytes.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="values">Any count of bytes, also none.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before.</exception>
    void Add(string name, ReadOnlySpan<byte> values);

    /// <summary>Adds a text.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="text">The text, of any length.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before.</exception>
    void Add(string name, string text);

    /// <summary>Adds a matrix that is too large to be copied whole, block by block.</summary>
    /// <param name="name">The name, without control characters.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="width">The values of a row.</param>
    /// <param name="copy">Copies rows, from the given number on, into a float32 matrix [rows of the block, width] on the CPU.</param>
    /// <exception cref="ArgumentException">The name cannot be used or was used before.</exception>
    void Add(string name, long rows, long width, Action<long, Tensor> copy);
}
