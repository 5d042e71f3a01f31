using System.Security.Cryptography;
using CsCheck;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace MbpoML.Fuzzing;

/// <summary>Hostile checkpoints, most with a right checksum, and hostile ones in a folder with a good one.</summary>
internal static class CheckpointFiles
{
    private static readonly TransitionLayout Layout = new(3, 2);

    public static FuzzedReader Single() => new("checkpoint", Files(), Use, typeof(CheckpointException), 4 * 1024 * 1024);

    public static FuzzedReader Folder()
    {
        var good = Good();
        return new FuzzedReader("checkpoint folder", Files(), path => UseFolder(path, good), null, 16 * 1024 * 1024);
    }

    private static Gen<byte[]> Files()
    {
        var good = Good();
        return Gen.Frequency<byte[]>(
            (1, Mutations.Of(good)), (9, Mutations.Of(good[..^CheckpointFormat.ChecksumSize]).Select(bytes => (byte[])[.. bytes, .. SHA256.HashData(bytes)])));
    }

    private static void Use(string path)
    {
        using var reader = new CheckpointReader(path);
        Read(reader);
    }

    private static void Read(CheckpointReader reader)
    {
        foreach (var name in reader.Names) reader.Tensor(name).Dispose();
        reader.WholeNumber("step");
        reader.Doubles("state");
        reader.Text("text");
        using var pool = new ReplayPool(Layout, 64);
        pool.Restore(reader.Under("pool"), keepsCapacity: true);
    }

    private static void UseFolder(string path, byte[] good)
    {
        var folder = path + "-run";
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "step-000000000001.checkpoint"), good);
            File.Move(path, Path.Combine(folder, "step-000000000002.checkpoint"));
            using var reader = new CheckpointFolder(folder, keep: 2).OpenNewest(NullLogger.Instance);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Good()
    {
        using var scope = NewDisposeScope();
        using var file = new MemoryStream();
        using var writer = new CheckpointWriter(file);
        using var pool = new ReplayPool(Layout, 64);
        pool.Append(ones(20, Layout.Width));
        writer.Add("step", 3);
        writer.Add("weights", arange(12, ScalarType.Float32).reshape(2, 2, 3));
        writer.Add("nothing", empty(0, 5, ScalarType.Float32));
        writer.Add("state", [1.5, double.NaN]);
        writer.Add("text", "some text");
        pool.Save(writer.Under("pool"));
        writer.Complete();
        return file.ToArray();
    }
}
