namespace MbpoML.Datasets;

/// <summary>A file that is not what it should be: cut off, of another kind, of wrong shapes or types, or with values that are no numbers.</summary>
/// <remarks>The message names the file, the dataset or column in it, and what was expected.</remarks>
public sealed class DatasetException : IOException
{
    /// <summary>An error in a file.</summary>
    /// <param name="message">Names the file, what in it is wrong, and what was expected.</param>
    /// <param name="innerException">What the reader said, or null.</param>
    public DatasetException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
