using PureHDF;
using PureHDF.VOL.Native;

namespace MbpoML.Datasets.Arrays;

/// <summary>Opens HDF5 files of which nothing is known.</summary>
internal static class HdfFile
{
    /// <summary>Reads from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Gets the root group and the bytes of the file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It cannot be read.</exception>
    public static T Read<T>(string path, Func<NativeFile, long, T> read) => Untrusted.Read(path, "an HDF5 file", () =>
    {
        using var stream = BoundedStream.Open(path);
        using var file = H5File.Open(stream, leaveOpen: true);
        return read(file, stream.Length);
    });
}
