using System.Buffers.Binary;
using Google.Protobuf;
using MbpoML.Training.Metrics;

namespace MbpoML.Tests.Training.Metrics;

[Category("Text")]
public class TensorBoardMetricsWriterTests
{
    private readonly record struct Scalar(long Step, string Tag, float Value);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1767225600500);
    }

    [Test]
    public void Event_files_hold_tags_steps_and_values_with_valid_checksums()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TensorBoardMetricsWriter(folder["run"]))
        {
            writer.Write(250, new Dictionary<string, double> { ["evaluation/return-mean"] = -142.5, ["model/holdout-mse"] = 0.125 });
            writer.Write(500, new Dictionary<string, double> { ["evaluation/return-mean"] = double.NaN });
            writer.Flush();
        }

        var file = Directory.GetFiles(folder["run"]).Single();
        Assert.That(Path.GetFileName(file), Does.StartWith("events.out.tfevents."));
        Assert.That(Records(File.ReadAllBytes(file)).SelectMany(Scalars), Is.EqualTo(new Scalar[]
        {
            new(250, "evaluation/return-mean", -142.5f), new(250, "model/holdout-mse", 0.125f), new(500, "evaluation/return-mean", float.NaN),
        }));
    }

    [Test]
    public void The_times_of_events_and_the_name_of_the_file_are_those_of_the_clock()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TensorBoardMetricsWriter(folder.FullName, new FixedClock())) writer.Write(1, new Dictionary<string, double> { ["a"] = 1 });

        var file = Directory.GetFiles(folder.FullName).Single();
        Assert.That(Path.GetFileName(file), Does.StartWith("events.out.tfevents.1767225600500."));
        var times = Records(File.ReadAllBytes(file)).Select(record => (double)Fields(record).Single(field => field.Number == 1).Value);
        Assert.That(times, Is.EqualTo(new[] { 1767225600.5, 1767225600.5 }));
    }

    [Test]
    public void Two_writers_of_one_folder_keep_each_others_events()
    {
        using var folder = new TemporaryFolder();
        using var first = new TensorBoardMetricsWriter(folder.FullName);
        first.Write(1, new Dictionary<string, double> { ["a"] = 1 });
        using var second = new TensorBoardMetricsWriter(folder.FullName);
        second.Write(2, new Dictionary<string, double> { ["a"] = 2 });
        first.Write(3, new Dictionary<string, double> { ["a"] = 3 });
        var scalars = Directory.GetFiles(folder.FullName).SelectMany(file => Records(File.ReadAllBytes(file))).SelectMany(Scalars);
        Assert.That(scalars, Is.EquivalentTo(new Scalar[] { new(1, "a", 1), new(2, "a", 2), new(3, "a", 3) }));
    }

    [Test]
    public void Writers_that_begin_at_the_same_moment_in_a_folder_where_others_make_files_have_a_file_each()
    {
        const int Writers = 8;
        using var folder = new TemporaryFolder();
        using var start = new Barrier(2 * Writers);
        var faults = new List<Exception>();
        var threads = Enumerable.Range(0, 2 * Writers).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                if (number >= Writers)
                {
                    File.WriteAllText(folder[$"other-{number}"], "not of a writer");
                    return;
                }

                using var writer = new TensorBoardMetricsWriter(folder.FullName);
                writer.Write(number, new Dictionary<string, double> { ["a"] = number });
            }
            catch (Exception exception)
            {
                lock (faults) faults.Add(exception);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var files = Directory.GetFiles(folder.FullName, "events.out.tfevents.*");
        Assert.That(faults, Is.Empty);
        Assert.That(files, Has.Length.EqualTo(Writers));
        Assert.That(
            files.Select(file => Records(File.ReadAllBytes(file)).SelectMany(Scalars).Single()),
            Is.EquivalentTo(Enumerable.Range(0, Writers).Select(number => new Scalar(number, "a", number))));
    }

    // Event.file_version is field 3; TensorBoard reads files in the order of their names.
    [Test]
    public void A_file_begins_with_its_version_and_a_later_one_comes_after_it()
    {
        using var folder = new TemporaryFolder();
        using var first = new TensorBoardMetricsWriter(folder["a"]);
        using var other = new TensorBoardMetricsWriter(folder["a"]);
        var files = Directory.GetFiles(folder["a"]).Order(StringComparer.Ordinal).ToArray();
        other.Write(1, new Dictionary<string, double> { ["a"] = 1 });
        Assert.That(Fields(Records(File.ReadAllBytes(files[0])).First()),
            Has.Some.Matches<(int Number, object Value)>(field => field.Number == 3 && ((ByteString)field.Value).ToStringUtf8() == "brain.Event:2"));
        Assert.That(Records(File.ReadAllBytes(files[1])).SelectMany(Scalars).Count(), Is.EqualTo(1));
    }

    // TensorBoard drops the events from a step on when it meets a START at that step (SessionLog.status = 1, field 7 of an event).
    [TestCase(new[] { 250, 500 }, 501)]
    [TestCase(new int[0], 0)]
    public void A_resumed_run_tells_TensorBoard_where_it_goes_on(int[] history, long expected)
    {
        using var folder = new TemporaryFolder();
        using var writer = new TensorBoardMetricsWriter(folder.FullName);
        writer.Resume([.. history.Select((step, epoch) => new EpochMetrics(epoch, step, new Dictionary<string, double>()))]);
        writer.Write(750, new Dictionary<string, double> { ["a"] = 1 });
        var events = Records(File.ReadAllBytes(Directory.GetFiles(folder.FullName).Single())).Select(Fields).ToList();
        var start = events.Single(fields => fields.Any(field => field.Number == 7));
        Assert.Multiple(() =>
        {
            Assert.That(start.Where(field => field.Number == 2).Select(field => (long)field.Value).SingleOrDefault(), Is.EqualTo(expected));
            Assert.That(Fields(((ByteString)start.Single(field => field.Number == 7).Value).ToByteArray()), Is.EqualTo(new (int, object)[] { (1, 1L) }));
            Assert.That(events[^1], Has.Some.Matches<(int Number, object Value)>(field => field is { Number: 2, Value: 750L }), "what follows stands after it");
        });
    }

    [Test]
    public void A_step_beyond_32_bits_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var writer = new TensorBoardMetricsWriter(folder.FullName);
        Assert.That(() => writer.Write(1L << 31, new Dictionary<string, double>()), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    // TFRecord framing: length (8 bytes), masked CRC-32C of the length, data, masked CRC-32C of the data.
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var offset = 0; offset < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
            var data = file.AsSpan(offset + 12, length).ToArray();
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset + 8)), Is.EqualTo(MaskedCrc(file.AsSpan(offset, 8))),
                "checksum of the length");
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset + 12 + length)), Is.EqualTo(MaskedCrc(data)), "checksum of the data");
            yield return data;
            offset += length + 16;
        }
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    // Event { int64 step = 2; Summary summary = 5; }  Summary { repeated Value value = 1; }  Value { string tag = 1; float simple_value = 2; }
    private static IEnumerable<Scalar> Scalars(byte[] record)
    {
        var fields = Fields(record);
        var step = fields.Where(field => field.Number == 2).Select(field => (long)field.Value).SingleOrDefault();
        foreach (var summary in fields.Where(field => field.Number == 5))
        {
            foreach (var value in Fields(((ByteString)summary.Value).ToByteArray()))
            {
                var parts = Fields(((ByteString)value.Value).ToByteArray()).ToDictionary(field => field.Number, field => field.Value);
                yield return new(step, ((ByteString)parts[1]).ToStringUtf8(), (float)parts[2]);
            }
        }
    }

    private static List<(int Number, object Value)> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        var fields = new List<(int, object)>();
        while (input.ReadTag() is var tag and not 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                _ => input.ReadBytes(),
            };
            fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }

        return fields;
    }
}
