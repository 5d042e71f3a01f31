using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;

namespace MbpoML.Datasets.Tests;

public class ParquetFileTests
{
    [Test]
    public async Task Flat_columns_of_all_row_groups_are_read_and_lists_are_left_out()
    {
        using var folder = new TemporaryFolder();
        await Write(folder["log.parquet"], groups: 2);
        var view = ParquetFile.Read(folder["log.parquet"]);
        Assert.Multiple(() =>
        {
            Assert.That(view.Schema.Select(column => column.Name), Is.EqualTo(new[] { "time", "x", "label", "flag", "when" }));
            Assert.That(view.GetColumn<double>(view.Schema["x"]), Is.EqualTo(new[] { 1, double.NaN, 3, 1, double.NaN, 3 }));
            Assert.That(view.GetColumn<double>(view.Schema["flag"]).First(), Is.EqualTo(1));
            Assert.That(view.GetColumn<ReadOnlyMemory<char>>(view.Schema["label"]).Last().ToString(), Is.EqualTo("c"));
            Assert.That(view.GetColumn<DateTime>(view.Schema["when"]).First(), Is.EqualTo(new DateTime(2020, 1, 1)));
        });
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task A_damaged_file_is_read_or_refused(CancellationToken cancelled)
    {
        using var folder = new TemporaryFolder();
        await Write(folder["whole.parquet"], groups: 1);
        var whole = await File.ReadAllBytesAsync(folder["whole.parquet"], cancelled);
        var random = new Random(5);
        for (var round = 0; round < 150 && !cancelled.IsCancellationRequested; round++)
        {
            var bytes = whole.ToArray();
            if (round % 4 == 0) bytes = bytes[..random.Next(bytes.Length)];
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(folder["log.parquet"], bytes, cancelled);
            try
            {
                ParquetFile.Read(folder["log.parquet"]);
            }
            catch (DatasetException exception)
            {
                Assert.That(exception.Message, Does.Contain("log.parquet"));
            }
        }
    }

    private static async Task Write(string path, int groups)
    {
        var schema = new ParquetSchema(new DataField<double>("time"), new DataField<float?>("x"), new DataField<string>("label"), new DataField<bool>("flag"),
            new DataField<DateTime>("when"), new DataField<int[]>("list"));
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        for (var index = 0; index < groups; index++)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(schema.DataFields[0], new double[] { 1, 2, 3 });
            await group.WriteAsync<float>(schema.DataFields[1], new float?[] { 1, null, 3 });
            await group.WriteAsync(schema.DataFields[2], new[] { "a", "b", "c" });
            await group.WriteAsync<bool>(schema.DataFields[3], new[] { true, false, true });
            await group.WriteAsync<DateTime>(schema.DataFields[4], new DateTime[] { new(2020, 1, 1), new(2020, 1, 2), new(2020, 1, 3) });
            await group.WriteAsync<int>(schema.DataFields[5], new[] { 1, 2, 3 }, new[] { 0, 0, 0 });
        }
    }
}
