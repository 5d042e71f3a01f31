using PureHDF;

namespace MbpoML.Datasets.Arrays;

/// <summary>The arrays of a group of an HDF5 file, those of its groups too, by names such as "observations/position".</summary>
internal sealed class HdfArrays : IArrays
{
    // Spaces of spaces of spaces are seen; what is deeper is a circle of links.
    private const int MostDepth = 8;

    // Links to links make more of them than a file has bytes.
    private const int MostObjects = 1_000_000;

    private readonly Dictionary<string, IH5Dataset> _datasets = [];
    private readonly long _fileLength;
    private int _objects;

    /// <param name="path">The file.</param>
    /// <param name="fileLength">Its bytes.</param>
    /// <param name="group">The group.</param>
    /// <param name="only">The children to look at; none: all.</param>
    public HdfArrays(string path, long fileLength, IH5Group group, params IReadOnlyList<string> only)
    {
        (Path, _fileLength) = (path, fileLength);
        if (only.Count == 0) Collect(group, "", 0);
        else foreach (var name in only.Where(group.LinkExists)) Collect(group.Get(name), name, 1);
        Names = [.. _datasets.Keys];
    }

    public string Path { get; }

    public IReadOnlyList<string> Names { get; }

    public ArrayInfo Describe(string name)
    {
        var dataset = _datasets[name];
        if (!IsNumber(dataset.Type) || dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
        {
            var found = IsNumber(dataset.Type) ? "parts of other files" : dataset.Type.Class.ToString();
            throw new DatasetException($"{Path}: dataset '{name}' holds {found}, but numbers are expected.");
        }

        long[] shape = [.. dataset.Space.Dimensions.Select(size => checked((long)size))];
        return new ArrayInfo(name, dataset.Space.Type == H5DataspaceType.Simple ? shape : [], dataset.Type.Class == H5DataTypeClass.FixedPoint);
    }

    /// <summary>Refuses an array that claims more than the file can hold.</summary>
    /// <exception cref="DatasetException">It does.</exception>
    public void RequireSize(ArrayInfo array)
    {
        var dataset = _datasets[array.Name];
        var isChunked = dataset.Layout.Class == H5DataLayoutClass.Chunked;
        Untrusted.RequireSize(
            Path, $"dataset '{array.Name}'", array.Count * (uint)dataset.Type.Size, _fileLength, isChunked ? Untrusted.MostDeflated : 1);
        // A chunk is read whole, however few of its numbers belong to the array.
        if (isChunked)
            Untrusted.RequireSize(Path, $"a chunk of dataset '{array.Name}'",
                dataset.Layout.Chunks.Aggregate((UInt128)(uint)dataset.Type.Size, (bytes, size) => bytes * size), _fileLength, Untrusted.MostDeflated);
    }

    public float[] Read(ArrayInfo array)
    {
        RequireSize(array);
        var dataset = _datasets[array.Name];
        return (dataset.Type.Class, dataset.Type.Size, IsSigned(dataset.Type)) switch
        {
            (H5DataTypeClass.FloatingPoint, 4, _) => dataset.Read<float[]>(),
            (H5DataTypeClass.FloatingPoint, 8, _) => Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
            (H5DataTypeClass.FloatingPoint, _, _) => Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
            (H5DataTypeClass.Enumerated, _, _) or (_, 1, false) => Array.ConvertAll(dataset.Read<byte[]>(), value => (float)value),
            (_, 1, true) => Array.ConvertAll(dataset.Read<sbyte[]>(), value => (float)value),
            (_, 2, true) => Array.ConvertAll(dataset.Read<short[]>(), value => (float)value),
            (_, 2, false) => Array.ConvertAll(dataset.Read<ushort[]>(), value => (float)value),
            (_, 4, true) => Array.ConvertAll(dataset.Read<int[]>(), value => (float)value),
            (_, 4, false) => Array.ConvertAll(dataset.Read<uint[]>(), value => (float)value),
            (_, _, true) => Array.ConvertAll(dataset.Read<long[]>(), value => (float)value),
            _ => Array.ConvertAll(dataset.Read<ulong[]>(), value => (float)value),
        };
    }

    private static bool IsNumber(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FloatingPoint => type.Size is 2 or 4 or 8,
        H5DataTypeClass.FixedPoint => type.Size is 1 or 2 or 4 or 8,
        // So h5py writes flags.
        H5DataTypeClass.Enumerated => type.Size == 1,
        _ => false,
    };

    private static bool IsSigned(IH5DataType type) => type.Class == H5DataTypeClass.FixedPoint && type.FixedPoint.IsSigned;

    private void Collect(IH5Object child, string name, int depth)
    {
        if (++_objects > MostObjects)
            throw new DatasetException(Invariant($"{Path} has more than {MostObjects} links; it is damaged or not honest."));
        if (child is IH5Dataset dataset) _datasets[name] = dataset;
        if (child is not IH5Group group || depth > MostDepth) return;
        foreach (var inner in group.Children()) Collect(inner, name.Length == 0 ? inner.Name : $"{name}/{inner.Name}", depth + 1);
    }
}
