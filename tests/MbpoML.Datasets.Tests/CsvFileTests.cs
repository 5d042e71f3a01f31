using System.IO.Compression;
using MbpoML.Data.Views;
using Microsoft.ML.Data;

namespace MbpoML.Datasets.Tests;

[Category("Text")]
public class CsvFileTests
{
    [Test]
    public void Numbers_flags_dates_and_texts_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        var view = Read(folder, "t,n,f,l\n2026-01-01T00:00:00Z,1.5,true,\"a,b\"\n2026-01-01T00:00:01Z,,false,c\n");
        Assert.Multiple(() =>
        {
            Assert.That(view.Schema.Select(column => column.Type.RawType),
                Is.EqualTo(new[] { typeof(DateTime), typeof(double), typeof(double), typeof(ReadOnlyMemory<char>) }));
            Assert.That(view.GetColumn<double>(view.Schema["n"]), Is.EqualTo(new[] { 1.5, double.NaN }));
            Assert.That(view.GetColumn<double>(view.Schema["f"]), Is.EqualTo(new[] { 1.0, 0 }));
            Assert.That(view.GetColumn<ReadOnlyMemory<char>>(view.Schema["l"]).First().ToString(), Is.EqualTo("a,b"));
        });
    }

    [TestCase("a;b\n1,5;2\n-2,25;3\n", 1.5, "en-US")]
    [TestCase("a;b\n1,5;2\n-2,25;3\n", 1.5, "de-DE")]
    [TestCase("a\tb\n1.5\t2\n-2\t3\n", 1.5, "de-DE")]
    [TestCase("a,b\r\n1.5,2\r\n-2,3\r\n\r\n", 1.5, "ar-SA")]
    public void Separators_and_decimal_commas_are_found_in_every_culture(string text, double first, string culture)
    {
        using var folder = new TemporaryFolder();
        var view = Cultures.Under(culture, () => Read(folder, text));
        Assert.That(view.GetColumn<double>(view.Schema["a"]).First(), Is.EqualTo(first));
    }

    [Test]
    public void A_packed_file_is_unpacked()
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.Create(folder["log.csv.gz"]), CompressionLevel.Fastest)) packed.Write("a,b\n1,2\n3,4\n"u8);
        Assert.That(CsvFile.Read(folder["log.csv.gz"]).RowCount, Is.EqualTo(2));
    }

    [TestCase("a,b\n1,2\n3\n", "line 3 has 1 cells", "2 columns")]
    [TestCase("a,b\n1,2,3\n", "line 2 has 3 cells", "2 columns")]
    [TestCase("a,a\n1,2\n", "'a'", "found 2 times")]
    [TestCase("1,2\n3,4\n", "holds numbers (1, 2", "name the columns")]
    [TestCase("a,\n3,4\n", "column 2 has no name", "log.csv")]
    [TestCase("a,b\n", "no rows", "log.csv")]
    [TestCase("", "is empty", "log.csv")]
    public void What_is_no_table_is_refused(string text, string first, string second)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Read(folder, text), Throws.TypeOf<DatasetException>().With.Message.Contain(first).And.Message.Contain(second));
    }

    [Test]
    public void A_packed_file_that_is_cut_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var packed = new GZipStream(File.Create(folder["whole.gz"]), CompressionLevel.Fastest))
            foreach (var value in Enumerable.Range(0, 5000))
                packed.Write(System.Text.Encoding.ASCII.GetBytes(value == 0 ? "a,b\n" : Invariant($"{value * 7919 % 4001},2\n")));
        var bytes = File.ReadAllBytes(folder["whole.gz"]);
        File.WriteAllBytes(folder["log.csv.gz"], [.. bytes[..(bytes.Length / 2)], 255, 255, 255, 255, 255, 255, 255, 255]);
        Assert.That(() => CsvFile.Read(folder["log.csv.gz"]), Throws.TypeOf<DatasetException>());
    }

    private static DenseDataView Read(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder["log.csv"], text);
        return CsvFile.Read(folder["log.csv"]);
    }
}
