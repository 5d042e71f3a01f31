using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Policies.Files;
using Microsoft.ML;

namespace MbpoML.Fuzzing;

/// <summary>Hostile policies: zips damaged as a whole, and sound zips with hostile names, contents and sizes.</summary>
internal static class PolicyFiles
{
    public const int MaxBytes = 1024 * 1024;

    private const string Model = "TransformerChain/OnnxModel";

    private static readonly PolicyCatalog Catalog = new(new ComponentContext(new MLContext(seed: 1)));

    private static readonly string[] HostileNames =
    [
        "../guard.txt", "../../guard.txt", Path.Combine(Path.GetTempPath(), "mbpoml-fuzz-escaped"), "C:\\escaped", "..\\escaped",
        "TransformerChain/../../guard.txt", "", "Schema/", "TransformerChain\\OnnxModel",
        Model, "Model.key", "DataLoaderModel/Model.key", "TransformerChain/Transform_000/Model.key", "Schema\0", new('x', 60_000),
    ];

    public static FuzzedReader Zip() => new("policy zip", Zips(), Use, typeof(PolicyFileException), 16 * MaxBytes);

    public static FuzzedReader Onnx()
    {
        var (one, other) = (Graph(stochastic: false), Graph(stochastic: true));
        return new FuzzedReader("policy ONNX", Mutations.Of(one, other), Use, typeof(PolicyFileException), 16 * MaxBytes);
    }

    private static void Use(string path)
    {
        using var policy = Catalog.Load(path, MaxBytes);
        policy.Act(new float[policy.ObservationSize]);
    }

    private static Gen<byte[]> Zips()
    {
        var (one, other) = (Saved(stochastic: false), Saved(stochastic: true));
        var entries = Gen.OneOf(Unpack(one), Unpack(other));
        var bomb = new byte[4 * MaxBytes];
        return Gen.Frequency<byte[]>(
            (40, Mutations.Of(one, other)),
            (40, Gen.OneOf<byte[]>(Models(one), Models(other))),
            (10, Gen.Select(entries, Gen.OneOf(HostileNames), Gen.Int[0, 3],
                (all, name, place) => Pack(all.Select((entry, index) => index == place ? (name, entry.Bytes) : entry)))),
            (5, Gen.Select(entries, Gen.OneOf(HostileNames), (all, name) => Pack([.. all, (name, one)]))),
            (3, Gen.Select(entries, Gen.Int[1, 3000],
                (all, count) => Pack([.. all, .. Enumerable.Range(0, count).Select(index => ($"{index}", Array.Empty<byte>()))]))),
            (2, entries.Select(all => Pack(all.Select(entry => entry.Name == Model ? (Model, bomb) : entry)))));
    }

    // The graph is changed, and the lengths and checksums around it are right.
    private static Gen<byte[]> Models(byte[] zip)
    {
        var entries = Unpack(zip);
        var graph = entries.Single(entry => entry.Name == Model).Bytes[sizeof(int)..];
        return Mutations.Of(graph).Select(changed => Pack(entries.Select(entry => entry.Name == Model ? (Model, WithLength(changed)) : entry)));
    }

    private static byte[] WithLength(byte[] graph)
    {
        var bytes = new byte[sizeof(int) + graph.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, graph.Length);
        graph.CopyTo(bytes, sizeof(int));
        return bytes;
    }

    private static byte[] Pack(IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name.Length > 0 ? name : " ", CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }

    private static (string Name, byte[] Bytes)[] Unpack(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return (entry.FullName.Replace('\\', '/'), bytes.ToArray());
        })];
    }

    private static byte[] Saved(bool stochastic)
    {
        var mlContext = new MLContext(seed: 1);
        using var policy = Policy(mlContext, stochastic);
        using var file = new MemoryStream();
        mlContext.Model.Save(policy, policy.InputSchema, file);
        return file.ToArray();
    }

    private static byte[] Graph(bool stochastic)
    {
        using var policy = Policy(new MLContext(seed: 1), stochastic);
        return policy.AuthorOnnx(batched: true);
    }

    private static PolicyTransformer Policy(MLContext mlContext, bool stochastic)
    {
        var random = new RandomSource(stochastic ? 1 : 2);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        var actor = new ActorParameters(3, new BoxSpace([-1, -2], [1, 0.5]), [Numbers(15), Numbers(20)], [Numbers(5), Numbers(4)], (-20, 2));
        return new PolicyTransformer(new ComponentContext(mlContext), actor, new PolicyTransformer.Options { Stochastic = stochastic, Seed = 7 });
    }
}
