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

    internal static async Task Write(string path, int groups)
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
