using System.Text.Json;
using CsCheck;
using MbpoML.Data.Views;
using MbpoML.Environments;
using PureHDF;

namespace MbpoML.Datasets.Tests;

public class MinariDatasetTests
{
    [Test]
    public void What_is_written_is_read_again() => Gen.Int[1, 6].Array[1, 5].Sample(
        lengths =>
        {
            using var folder = new TemporaryFolder();
            var written = Log.Transitions(lengths);
            Assert.That(MinariDataset.Write(written, folder["log"]), Is.EqualTo(lengths.Length));
            Log.AssertSame(MinariDataset.Read(folder["log"]), written);
        }, iter: 20, seed: "0N0XIzNsQ0O2");

    [Test]
    public void An_episode_ends_where_the_next_row_begins_elsewhere()
    {
        using var folder = new TemporaryFolder();
        var cut = new DenseDataView.Builder().AddVector("Observation", 1, [0, 1, 5]).AddVector("Action", 1, [1, 2, 3]).AddScalar("Reward", [1, 2, 3])
            .AddVector("NextObservation", 1, [1, 2, 6]).AddBoolean("Terminated", new bool[3]).Build();
        Assert.That(MinariDataset.Write(cut, folder["log"]), Is.EqualTo(2));
        Assert.That(MinariDataset.Read(folder["log"]).Flags("Truncated"), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    public void The_metadata_says_what_Python_needs()
    {
        using var folder = new TemporaryFolder();
        MinariDataset.Write(Log.Transitions(3, 2), folder["tank"], actionSpace: BoxSpace.Uniform(1, -1, 1));
        using var metadata = JsonDocument.Parse(File.ReadAllBytes(folder["tank", "data", "metadata.json"]));
        var root = metadata.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("dataset_id").GetString(), Is.EqualTo("tank-log-v0"));
            Assert.That(root.GetProperty("total_steps").GetInt32(), Is.EqualTo(5));
            Assert.That(root.GetProperty("total_episodes").GetInt32(), Is.EqualTo(2));
            Assert.That(root.GetProperty("data_format").GetString(), Is.EqualTo("hdf5"));
            Assert.That(root.GetProperty("action_space").GetString(), Is.EqualTo(
                "{\"type\": \"Box\", \"dtype\": \"float32\", \"shape\": [1], \"low\": [-1], \"high\": [1]}"));
            Assert.That(root.GetProperty("observation_space").GetString(), Does.Contain("[-Infinity, -Infinity]"));
        });
    }

    [Test]
    public void A_dataset_that_is_there_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        MinariDataset.Write(Log.Transitions(3), folder["log"]);
        var before = File.ReadAllBytes(folder["log", "data", "main_data.hdf5"]);
        Assert.That(() => MinariDataset.Write(Log.Transitions(4), folder["log"]), Throws.TypeOf<IOException>().With.Message.Contain("already"));
        Assert.That(File.ReadAllBytes(folder["log", "data", "main_data.hdf5"]), Is.EqualTo(before));
    }

    [Test]
    public void A_file_that_h5py_wrote_is_read()
    {
        var view = MinariDataset.Read(Path.Combine(AppContext.BaseDirectory, "TestData", "h5py-minari.hdf5"));
        Assert.Multiple(() =>
        {
            Assert.That(view.Episodes(), Is.EqualTo(Enumerable.Range(0, 15).Select(row => row / 5)));
            Assert.That(view.Flags("Terminated").Index().Where(flag => flag.Item).Select(flag => flag.Index), Is.EqualTo(new[] { 9 }));
            Assert.That(view.Flags("Truncated").Index().Where(flag => flag.Item).Select(flag => flag.Index), Is.EqualTo(new[] { 4, 14 }));
            Assert.That(view.Floats("NextObservation")[..3], Is.EqualTo(view.Floats("Observation")[3..6]));
        });
    }

    [Test]
    public void Dictionaries_of_observations_are_laid_side_by_side()
    {
        using var folder = new TemporaryFolder();
        var observations = new H5Group
        {
            ["b"] = new H5Dataset(new float[] { 1, 2, 3 }, fileDims: [3UL, 1UL]),
            ["a"] = new H5Dataset(new double[] { 1, 2, 3, 4, 5, 6 }, fileDims: [3UL, 2UL]),
        };
        Hdf.Save(folder["log.hdf5"], ("episode_0", Hdf.Episode(2, group => group["observations"] = observations)));
        var view = MinariDataset.Read(folder["log.hdf5"]);
        Assert.That(view.Floats("NextObservation"), Is.EqualTo(new[] { 3f, 4, 2, 5, 6, 3 }));
    }

    private static IEnumerable<TestCaseData> Wrong =>
    [
        Case("too few observations", group => group["observations"] = new H5Dataset(new float[4], fileDims: [2UL, 2UL]),
            "'observations'", "[3, numbers] is expected"),
        Case("no rewards", group => group.Remove("rewards"), "no dataset 'rewards'"),
        Case("discrete actions", group => group["actions"] = new long[2], "discrete"),
        Case("texts", group => group["rewards"] = new[] { "a", "b" }, "'rewards' holds"),
        Case("no number", group => group["rewards"] = new[] { 1, double.NaN }, "'rewards' holds NaN in row 1"),
    ];

    // What is read holds no number, so that its reader would say so first.
    [TestCase("dataset 'actions' has the shape [1, 1], but [2, numbers] is expected", 2, 1)]
    [TestCase("observations have 3 numbers (observations[0] ...), but 2 in the first episode", 3, 2)]
    public void Shapes_are_compared_before_anything_is_read(string message, int width, int rows)
    {
        using var folder = new TemporaryFolder();
        float[] nothing = [.. Enumerable.Repeat(float.NaN, 3 * width)];
        Hdf.Save(folder["log.hdf5"], ("episode_0", Hdf.Episode(2)), ("episode_1", Hdf.Episode(2, group =>
        {
            group["observations"] = new H5Dataset(nothing, fileDims: [3UL, (ulong)width]);
            group["actions"] = new H5Dataset(new float[rows], fileDims: [(ulong)rows, 1UL]);
        })));
        Assert.That(() => MinariDataset.Read(folder["log.hdf5"]), Throws.TypeOf<DatasetException>().With.Message.Contain(message));
    }

    [Test]
    public void A_width_that_the_file_cannot_hold_is_refused_before_memory_is_taken()
    {
        using var folder = new TemporaryFolder();
        Hdf.Save(folder["log.hdf5"], ("episode_0", Hdf.Episode(2, group => group["actions"] = new H5Dataset(new float[46], fileDims: [2UL, 23UL]))));
        var bytes = File.ReadAllBytes(folder["log.hdf5"]);
        // The shape of the actions, two numbers of eight bytes, gets another width.
        var place = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[2, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0]);
        Assert.That(place, Is.Positive);
        BitConverter.TryWriteBytes(bytes.AsSpan(place + 8), 2_000_000L);
        File.WriteAllBytes(folder["log.hdf5"], bytes);
        var before = GC.GetTotalAllocatedBytes();
        Assert.That(() => MinariDataset.Read(folder["log.hdf5"]), Throws.TypeOf<DatasetException>().With.Message.Contain("'actions' claims 16000000 bytes"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(10_000_000));
    }

    [TestCaseSource(nameof(Wrong))]
    public void An_episode_that_is_none_is_refused(Action<H5Group> change, string[] fragments)
    {
        using var folder = new TemporaryFolder();
        Hdf.Save(folder["log.hdf5"], ("episode_0", Hdf.Episode(2, change)));
        var thrown = Assert.Throws<DatasetException>(() => MinariDataset.Read(folder["log.hdf5"]))!;
        Assert.Multiple(() =>
        {
            foreach (var fragment in (string[])[.. fragments, "log.hdf5", "episode_0"]) Assert.That(thrown.Message, Does.Contain(fragment));
        });
    }

    private static TestCaseData Case(string name, Action<H5Group> change, params string[] fragments) =>
        new TestCaseData(change, fragments).SetArgDisplayNames(name);
}
