namespace MbpoML.Datasets.Arrays;

/// <summary>A file, or a group in one, that holds arrays by name.</summary>
internal interface IArrays
{
    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>The names of the arrays.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>What the file says of an array, without reading it.</summary>
    /// <exception cref="DatasetException">It holds no numbers.</exception>
    ArrayInfo Describe(string name);

    /// <summary>Reads an array as float32, row-major.</summary>
    /// <exception cref="DatasetException">It claims more than the file holds, or ends too early.</exception>
    float[] Read(ArrayInfo array);
}
