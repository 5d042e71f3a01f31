using System.Security.Cryptography;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Saving;
using MbpoML.Training.Checkpoints;
using static TorchSharp.torch;

namespace MbpoML.Tests.Training.Checkpoints;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Category("Text")]
public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.FullName, "one.checkpoint");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Every_type_comes_back()
    {
        using var scope = NewDisposeScope();
        var weights = randn(3, 4);
        var exact = randn([2], float64);
        var counters = arange(5, int64);
        using var generator = new Generator(5);
        var random = generator.get_state();
        Write(writer =>
        {
            writer.Add("weights", weights.t());
            writer.Add("exact", exact);
            writer.Add("counters", counters);
            writer.Add("random", random);
            writer.Add("numbers", [1.5, double.NaN, double.NegativeInfinity]);
            writer.Add("step", 12345678901);
            writer.Add("text", "élite {}");
            writer.Add("nothing", empty(0, 7));
        });
        using var reader = new CheckpointReader(Path);
        Assert.That(reader.Tensor("weights").Equals(weights.t()));
        Assert.That(reader.Tensor("exact").Equals(exact));
        Assert.That(reader.Tensor("counters").Equals(counters));
        Assert.That(reader.Tensor("random").Equals(random));
        Assert.That(reader.Doubles("numbers"), Is.EqualTo(new[] { 1.5, double.NaN, double.NegativeInfinity }));
        Assert.That(reader.WholeNumber("step"), Is.EqualTo(12345678901));
        Assert.That(reader.Text("text"), Is.EqualTo("élite {}"));
        Assert.That(reader.Tensor("nothing").shape, Is.EqualTo(new long[] { 0, 7 }));
        Assert.That(reader.Names.Count(), Is.EqualTo(8));
    }

    [TestCase(10, 100)]
    [TestCase(150, 100)]
    [TestCase(70_000, 65_000)]
    public void A_pool_comes_back_in_its_order(int added, int capacity)
    {
        using var scope = NewDisposeScope();
        var layout = new TransitionLayout(2, 1);
        using var pool = new ReplayPool(layout, capacity);
        pool.Append(randn(added, layout.Width));
        pool.Append(randn(3, layout.Width));
        Write(writer => pool.Save(writer.Under("pool")));
        using var restored = new ReplayPool(layout, capacity);
        restored.Append(randn(7, layout.Width));
        using var reader = new CheckpointReader(Path);
        restored.Restore(reader.Under("pool"), keepsCapacity: true);
        Assert.That(restored.ToRows().Equals(pool.ToRows()));
        Assert.That(restored.TotalAdded, Is.EqualTo(added + 3));
    }

    [Test]
    public void A_file_that_was_cut_off_anywhere_is_refused()
    {
        var whole = SmallFile();
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.That(() => new CheckpointReader(Path), Throws.TypeOf<CheckpointException>().With.Message.Contains(Path), $"{length} bytes");
        }
    }

    [Test]
    public void A_file_with_any_byte_changed_is_refused()
    {
        var whole = SmallFile();
        for (var index = 0; index < whole.Length; index++)
        {
            whole[index] ^= 0x10;
            File.WriteAllBytes(Path, whole);
            Assert.That(() => new CheckpointReader(Path), Throws.TypeOf<CheckpointException>(), $"byte {index}");
            whole[index] ^= 0x10;
        }
    }

    [Test]
    public void A_changed_file_with_the_right_checksum_gives_values_or_the_documented_exception()
    {
        var whole = SmallFile();
        var random = new Random(1);
        var refused = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(CheckpointFormat.HeaderSize, bytes.Length - CheckpointFormat.ChecksumSize)] = RandomByte(random);
            SHA256.HashData(bytes.AsSpan(..^CheckpointFormat.ChecksumSize), bytes.AsSpan(^CheckpointFormat.ChecksumSize..));
            File.WriteAllBytes(Path, bytes);
            try
            {
                using var reader = new CheckpointReader(Path);
                foreach (var name in reader.Names) reader.Tensor(name).Dispose();
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(300), "a change of the structure is found, one of a value alone is not");
    }

    [Test]
    public void Another_version_is_named()
    {
        var bytes = SmallFile();
        bytes[CheckpointFormat.Magic.Length] = 77;
        File.WriteAllBytes(Path, bytes);
        Assert.That(() => new CheckpointReader(Path),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("has the format 77, but this version of MbpoML reads format 2"));
    }

    [Test]
    public void A_missing_entry_or_another_type_is_named()
    {
        SmallFile();
        using var reader = new CheckpointReader(Path);
        Assert.That(() => reader.Text("absent"), Throws.TypeOf<CheckpointException>().With.Message.Contains("it has no 'absent'"));
        Assert.That(() => reader.Doubles("step"),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("'step' is Int64 [1], but Float64 [values] was expected"));
    }

    [Test]
    public void Names_must_be_new_and_short()
    {
        using var writer = new CheckpointWriter(Stream.Null);
        writer.Add("a", 1);
        Assert.That(() => writer.Add("a", 2), Throws.ArgumentException);
        Assert.That(() => writer.Add("", 2), Throws.ArgumentException);
        Assert.That(() => writer.Add("two\nlines", 2), Throws.ArgumentException);
        Assert.That(() => writer.Add(new string('x', 257), 2), Throws.ArgumentException);
    }

    [Test]
    public void Dimensions_whose_product_would_overflow_beside_a_zero_are_refused()
    {
        Write(writer => writer.Add("weights", new byte[1 << 16].AsSpan()));
        var body = File.ReadAllBytes(Path)[..CheckpointFormat.HeaderSize].ToList();
        body.AddRange([(byte)EntryType.Float32, 1, 0, (byte)'x', 8]);
        foreach (var size in new long[] { 0, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000 }) body.AddRange(BitConverter.GetBytes(size));
        body.AddRange(new byte[1 << 16]);
        body.AddRange(SHA256.HashData([.. body]));
        File.WriteAllBytes(Path, [.. body]);
        Assert.That(() => new CheckpointReader(Path), Throws.TypeOf<CheckpointException>().With.Message.Contains("dimensions that are too large"));
    }

    // Edges are likelier than chance makes them.
    private static byte RandomByte(Random random) => random.Next(4) switch { 0 => 0, 1 => 0xFF, 2 => 0x7F, _ => (byte)random.Next(256) };

    private byte[] SmallFile()
    {
        using var weights = arange(6, float32);
        Write(writer =>
        {
            writer.Add("step", 3);
            writer.Add("weights", weights);
            writer.Add("text", "x");
        });
        return File.ReadAllBytes(Path);
    }

    private void Write(Action<CheckpointWriter> content) => AtomicFile.Write(Path, stream =>
    {
        using var writer = new CheckpointWriter(stream);
        content(writer);
        writer.Complete();
    });
}
