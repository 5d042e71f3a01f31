using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace MbpoML.Datasets.Tests;

/// <summary>Whatever bytes of a file are damaged, its reader ends, soon, with a view or with the one exception.</summary>
public class DamagedFileTests
{
    private const int Rounds = 150;

    // The files have about a thousand bytes, and deflate packs 1032 into one.
    private const long MostBytes = 10_000_000;

    private static IEnumerable<TestCaseData> Formats =>
    [
        Format("npz", NeorlFile.Read, path => Npz.Honest().Save(path)),
        Format("d4rl.hdf5", D4rlFile.Read, path => Hdf.D4rl(path, withNext: true)),
        Format("minari.hdf5", MinariDataset.Read, path => Hdf.Save(path, ("episode_0", Hdf.Episode(3)), ("episode_1", Hdf.Episode(2)))),
        Format("parquet", ParquetFile.Read, path => ParquetFileTests.Write(path, groups: 1).GetAwaiter().GetResult()),
        Format("transitions.idv", LogFile.Open, path => SaveBinary(path, Log.Transitions(2, 3))),
        Format("table.idv", LogFile.Open, path => SaveBinary(path, Log.Ramp(5))),
    ];

    [TestCaseSource(nameof(Formats))]
    [CancelAfter(60_000)]
    public void It_is_read_or_refused(string ending, object read, object write, CancellationToken cancelled)
    {
        using var folder = new TemporaryFolder();
        var path = folder[$"log.{ending}"];
        ((Action<string>)write)(path);
        var (whole, random) = (File.ReadAllBytes(path), new Random(3));
        var (refused, most) = (0, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            Assert.That(cancelled.IsCancellationRequested, Is.False, Invariant($"the first {round} files took a minute"));
            File.WriteAllBytes(path, Damaged(whole, round, random));
            var before = GC.GetTotalAllocatedBytes();
            try
            {
                ((Func<string, object>)read)(path);
            }
            catch (DatasetException exception)
            {
                refused++;
                Assert.That(exception.Message, Does.Contain(path));
            }

            most = Math.Max(most, GC.GetTotalAllocatedBytes() - before);
        }

        TestContext.Out.WriteLine(Invariant($"{refused} of {Rounds} refused; at most {most} bytes were taken for {whole.Length}."));
        Assert.That(refused, Is.GreaterThan(Rounds / 4));
        // The reader of HDF5 takes what the length of a name claims before it looks for the name.
        if (!ending.EndsWith("hdf5", StringComparison.Ordinal)) Assert.That(most, Is.LessThan(MostBytes));
    }

    [Test]
    public void Rows_that_a_binary_file_cannot_hold_are_refused()
    {
        using var folder = new TemporaryFolder();
        SaveBinary(folder["log.idv"], Log.Ramp(5));
        var bytes = File.ReadAllBytes(folder["log.idv"]);
        // The head has the number of rows there.
        Assert.That(BitConverter.ToInt64(bytes, 40), Is.EqualTo(5));
        BitConverter.TryWriteBytes(bytes.AsSpan(40), 1L << 40);
        File.WriteAllBytes(folder["log.idv"], bytes);
        Assert.That(() => LogFile.Open(folder["log.idv"]), Throws.TypeOf<DatasetException>().With.Message.Contain("each column claims 4398046511104 bytes"));
    }

    // A damaged file once made ML.NET take 3.3 GB. Writers order columns anew each time, so that the test above met it once in many runs.
    [TestCase(0, 825_263_372, "with its vectors")]
    [TestCase(7, 825_263_372, "with its indices")]
    [TestCase(2, 825_263_372, "with its values")]
    public void Vectors_that_claim_more_than_their_block_are_refused_before_memory_is_taken(int number, int claim, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder["log.idv"];
        SaveBinary(path, Log.Transitions(2, 3));
        ChangeVectors(path, number, claim);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Multiple(() =>
        {
            Assert.That(() => LogFile.Open(path), Throws.TypeOf<DatasetException>().With.Message.Contain(expected));
            Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(MostBytes));
        });
    }

    // Replaces the first block of vectors by its head alone, with another number at one place: 5 vectors of one length, all dense, without indices.
    private static void ChangeVectors(string path, int number, int claim)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        using var reader = new BinaryReader(file);
        file.Position = 24;
        file.Position = reader.ReadInt64();
        while (true)
        {
            reader.ReadString();
            var codec = reader.ReadString();
            file.Seek(reader.Read7BitEncodedInt() + 1, SeekOrigin.Current);
            reader.Read7BitEncodedInt();
            var (lookup, _) = (reader.ReadInt64(), reader.ReadInt64());
            if (codec != "VBuffer") continue;
            file.Position = lookup;
            var (offset, stored) = (reader.ReadInt64(), reader.ReadInt32());
            file.Position = offset;
            using var packed = new MemoryStream();
            int[] head = [5, 2, -1, -1, -1, -1, -1, 0];
            head[number] = claim;
            using (Stream content = file.ReadByte() == 0x78 ? new ZLibStream(packed, CompressionMode.Compress, true)
                : new DeflateStream(packed, CompressionMode.Compress, true))
                content.Write(MemoryMarshal.AsBytes(head.AsSpan()));

            Assert.That(packed.Length, Is.LessThanOrEqualTo(stored));
            file.Position = offset;
            file.Write(packed.ToArray());
            file.Position = lookup + sizeof(long);
            file.Write(MemoryMarshal.AsBytes([(int)packed.Length, head.Length * sizeof(int)]));
            return;
        }
    }

    // Each fourth file is cut; the others have one to three bytes that are something else.
    private static byte[] Damaged(byte[] whole, int round, Random random)
    {
        if (round % 4 == 0) return whole[..random.Next(whole.Length)];
        var bytes = whole.ToArray();
        for (var change = 0; change <= round % 3; change++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static void SaveBinary(string path, IDataView view)
    {
        using var stream = File.Create(path);
        new MLContext().Data.SaveAsBinary(view, stream);
    }

    private static TestCaseData Format(string ending, Func<string, object> read, Action<string> write) =>
        new TestCaseData(ending, read, write).SetArgDisplayNames(ending);
}
