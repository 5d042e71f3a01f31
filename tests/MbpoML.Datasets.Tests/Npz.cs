using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace MbpoML.Datasets.Tests;

/// <summary>Writes npz files, honest ones and others.</summary>
internal sealed class Npz
{
    private readonly Dictionary<string, byte[]> _entries = [];

    /// <summary>A log of two episodes of two steps, the first terminated, the second truncated.</summary>
    public static Npz Honest() => new Npz()
        .Add("obs", [4, 2], 0, 1, 2, 3, 10, 11, 12, 13).Add("next_obs", [4, 2], 2, 3, 4, 5, 12, 13, 14, 15).Add("action", [4, 1], 1, 2, 3, 4)
        .Add("reward", [4], 1, 2, 3, 4).Add("done", [4], 0, 1, 0, 0).Add("truncated", [4], 0, 0, 0, 1);

    public Npz Add(string name, int[] shape, params float[] values) =>
        Raw(name, Header($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({Shape(shape)}), }}"), MemoryMarshal.AsBytes<float>(values).ToArray());

    public Npz Raw(string name, byte[] header, byte[] data)
    {
        _entries[name] = [.. header, .. data];
        return this;
    }

    public Npz Without(string name)
    {
        _entries.Remove(name);
        return this;
    }

    public string Save(string path)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, bytes) in _entries)
        {
            using var stream = zip.CreateEntry(name + ".npy").Open();
            stream.Write(bytes);
        }

        return path;
    }

    public static byte[] Header(string text, byte version = 1)
    {
        var body = Encoding.Latin1.GetBytes(text + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)body.Length) : BitConverter.GetBytes((uint)body.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. body];
    }

    private static string Shape(int[] shape) => string.Join(", ", shape) + (shape.Length == 1 ? "," : "");
}
