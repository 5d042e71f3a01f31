using MbpoML.Data;
using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using Declared = MbpoML.Tests.Data.SampleData.Declared;

namespace MbpoML.Tests.Data;

[Category("Text")]
public class TransitionReaderTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<Transition> _transitions = SampleData.Transitions(300);

    private float[] Expected => [.. _transitions.SelectMany(SampleData.Row)];

    [Test]
    public void Dense_cursor_and_enumerable_paths_give_the_same_rows()
    {
        var dense = SampleData.Catalog().FromTransitions(_transitions);
        // Each hides the density in another way; the filter also hides the number of rows.
        IDataView[] views =
        [
            dense,
            _ml.Data.Cache(dense),
            _ml.Data.FilterRowsByColumn(dense, "Reward", lowerBound: double.NegativeInfinity),
            _ml.Data.LoadFromEnumerable(_transitions.Select(Declared.From)),
            SampleData.Catalog().LoadFromEnumerable(_transitions, observationSize: 3, actionSize: 2),
        ];
        foreach (var view in views)
        {
            using var table = TransitionReader.Read(view);
            Assert.That(table.Layout, Is.EqualTo(new TransitionLayout(3, 2)));
            Assert.That(table.Count, Is.EqualTo(300));
            Assert.That(table.Rows.data<float>().ToArray(), Is.EqualTo(Expected));
        }
    }

    [Test]
    public void Reads_more_rows_than_one_block_holds()
    {
        // 4,200,000 rows of width 1 are more than the 4,194,304 floats read at a time.
        const int Rows = 4_200_000;
        var view = new DenseDataView.Builder().AddScalar("X", [.. Enumerable.Range(0, Rows).Select(row => (float)row)]).Build();
        using var dense = TransitionReader.ReadVectors(view, "X");
        using var read = TransitionReader.ReadVectors(_ml.Data.FilterRowsByColumn(view, "X", lowerBound: 0), "X");
        using var expected = torch.arange(Rows, dtype: torch.float32).unsqueeze(1);
        Assert.That(dense.allclose(expected, 0, 0) && read.allclose(expected, 0, 0), Is.True);
    }

    [Test]
    public void A_table_becomes_a_view_and_comes_back()
    {
        using var table = SampleData.Catalog().Read(SampleData.Catalog().FromTransitions(_transitions));
        var names = new TransitionColumns
        {
            Observation = "State",
            Action = "Control",
            Reward = "Gain",
            NextObservation = "NextState",
            Terminated = "Over",
            Truncated = "Cut",
            EpisodeId = "Run"
        };
        var view = table.ToDataView(names, [.. _transitions.Select(row => row.EpisodeId)]);
        Assert.That(view.Schema.Select(column => column.Name), Is.EqualTo(new[] { "State", "Control", "Gain", "NextState", "Over", "Cut", "Run" }));
        Assert.That(view.GetColumn<int>("Run"), Is.EqualTo(_transitions.Select(row => row.EpisodeId)));
        using var again = TransitionReader.Read(view, names);
        Assert.That(again.Rows.data<float>().ToArray(), Is.EqualTo(Expected));
        Assert.That(() => table.ToDataView(episodeIds: [1]), Throws.ArgumentException.With.Message.Contains("1 episode numbers were given for 300 rows"));
    }

    [Test]
    public void Text_and_binary_files_come_back()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var dense = SampleData.Catalog().FromTransitions(_transitions);
            var (text, binary) = (Path.Combine(folder.FullName, "rows.csv"), Path.Combine(folder.FullName, "rows.idv"));
            using (var stream = File.Create(binary)) _ml.Data.SaveAsBinary(dense, stream);
            File.WriteAllLines(
                text, _transitions.Select(row => string.Join(',', SampleData.Row(row).Select(value => FormattableString.Invariant($"{value:R}")))));
            var loaded = _ml.Data.LoadFromTextFile(
                text,
                [
                    new("Observation", DataKind.Single, 0, 2), new("Action", DataKind.Single, 3, 4), new("Reward", DataKind.Single, 5),
                    new("NextObservation", DataKind.Single, 6, 8), new("Terminated", DataKind.Boolean, 9), new("Truncated", DataKind.Boolean, 10),
                ],
                separatorChar: ',');
            foreach (var view in new[] { _ml.Data.LoadFromBinary(binary), loaded })
            {
                using var table = TransitionReader.Read(view);
                Assert.That(table.Rows.data<float>().ToArray(), Is.EqualTo(Expected).Within(1e-6f));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void An_empty_cell_is_named_with_its_column_and_row()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["log.csv"], ["o1,o2,a,r,p1,p2,terminated", "1,2,0.5,1,3,4,0", "3,4,0.5,1,5,6,0", "5,6,0.5,1,7,,0", "7,8,0.5,,9,9,1"]);
        var logged = _ml.Data.LoadFromTextFile(folder["log.csv"], new TextLoader.Options
        {
            Columns =
            [
                new("Observation", DataKind.Single, 0, 1), new("Action", DataKind.Single, 2), new("Reward", DataKind.Single, 3),
                new("NextObservation", DataKind.Single, 4, 5), new("Terminated", DataKind.Boolean, 6),
            ],
            Separators = [','],
            HasHeader = true,
            MissingRealsAsNaNs = true,
        });
        Assert.That(() => TransitionReader.Read(logged),
            Throws.ArgumentException.With.Message.Contains("Column 'NextObservation' holds NaN in row 2 at [1],").And.Message.Contains("an empty cell"));
        var whole = _ml.Data.FilterRowsByMissingValues(logged, "NextObservation", "Reward");
        using var table = TransitionReader.Read(whole);
        Assert.That(table.Count, Is.EqualTo(2));
    }

    [Test]
    public void Doubles_are_refused_with_what_their_conversion_costs()
    {
        var view = _ml.Data.LoadFromEnumerable([new { Observation = 1.7e9, Action = 1f, Reward = 0f, NextObservation = 1f, Terminated = false }]);
        Assert.That(() => TransitionReader.Read(view),
            Throws.ArgumentException.With.Message.Contains("'Observation'").And.Message.Contains("ConvertType").And.Message.Contains("seven digits"));
    }

    [Test]
    public void Scalars_count_as_vectors_of_one_and_truncation_may_be_absent()
    {
        var view = new DenseDataView.Builder().AddScalar("Observation", [1, 2]).AddScalar("Action", [3, 4]).AddScalar("Reward", [5, 6])
            .AddScalar("NextObservation", [7, 8]).AddBoolean("Terminated", [false, true]).Build();
        foreach (var each in new[] { view, _ml.Data.Cache(view) })
        {
            using var table = TransitionReader.Read(each);
            Assert.That(table.Layout, Is.EqualTo(new TransitionLayout(1, 1)));
            Assert.That(table.Rows.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 3, 5, 7, 0, 0, 2, 4, 6, 8, 1, 0 }));
        }
    }

    [Test]
    public void Sparse_vectors_are_read_as_what_they_mean()
    {
        var rows = new[] { new Sparse { X = new VBuffer<float>(4, 2, [7, 8], [1, 3]) }, new Sparse { X = new VBuffer<float>(4, [1, 2, 3, 4]) },
            new Sparse { X = new VBuffer<float>(4, 0, [], []) } };
        using var read = TransitionReader.ReadVectors(_ml.Data.LoadFromEnumerable(rows), "X");
        Assert.That(read.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 7, 0, 8, 1, 2, 3, 4, 0, 0, 0, 0 }));
    }

    [Test]
    public void Start_states_are_read_alone()
    {
        using var read = TransitionReader.ReadVectors(SampleData.Catalog().FromTransitions(_transitions), "NextObservation");
        Assert.That(read.shape, Is.EqualTo(new long[] { 300, 3 }));
        Assert.That(read.data<float>().ToArray(), Is.EqualTo(_transitions.SelectMany(row => row.NextObservation)));
    }

    [Test]
    public void Errors_name_the_column_and_what_was_expected()
    {
        static DenseDataView.Builder Base() => new DenseDataView.Builder().AddVector("Observation", 2, new float[4])
            .AddVector("NextObservation", 2, new float[4]).AddBoolean("Terminated", new bool[2]);
        var noAction = Base().AddScalar("Reward", new float[2]).Build();
        var flagReward = Base().AddScalar("Action", new float[2]).AddBoolean("Reward", new bool[2]).Build();
        var wide = new DenseDataView.Builder().AddScalar("Observation", [1]).AddScalar("Action", [1]).AddScalar("Reward", [1])
            .AddVector("NextObservation", 2, new float[2])
            .AddBoolean("Terminated", [false]).Build();
        var numberFlag = new DenseDataView.Builder().AddScalar("Observation", [1]).AddScalar("Action", [1]).AddScalar("Reward", [1])
            .AddScalar("NextObservation", [1])
            .AddScalar("Terminated", [0]).Build();
        var unsized = _ml.Data.LoadFromEnumerable(_transitions);
        var doubles = _ml.Data.LoadFromEnumerable([new { Observation = 1.0 }]);
        Assert.Multiple(() =>
        {
            Assert.That(() => TransitionReader.Read(noAction),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Could not find input column 'Action'"));
            Assert.That(() => TransitionReader.Read(flagReward),
                Throws.ArgumentException.With.Message.Contains("input column 'Reward': expected Single, got Boolean"));
            Assert.That(() => TransitionReader.Read(wide),
                Throws.ArgumentException.With.Message.Contains("'NextObservation' has 2 values a row, but column 'Observation' has 1"));
            Assert.That(() => TransitionReader.Read(numberFlag),
                Throws.ArgumentException.With.Message.Contains("input column 'Terminated': expected Boolean, got Single"));
            Assert.That(() => TransitionReader.Read(unsized),
                Throws.ArgumentException.With.Message.Contains("input column 'Observation': expected a vector of a known size"));
            Assert.That(() => TransitionReader.ReadVectors(doubles, "Observation"),
                Throws.ArgumentException.With.Message.Contains("expected a vector of Single, or Single, got Double"));
        });
    }

    [Test]
    public void Empty_views_ragged_rows_and_values_that_are_not_finite_are_refused([Values] bool dense)
    {
        IDataView View(DenseDataView view) => dense ? view : _ml.Data.Cache(view);
        _transitions[17].NextObservation[1] = float.NaN;
        var bad = View(new DenseDataView.Builder().AddVector("X", 3, [.. _transitions.SelectMany(row => row.NextObservation)]).Build());
        var infinite = View(new DenseDataView.Builder().AddScalar("X", [1, float.PositiveInfinity]).Build());
        var empty = View(new DenseDataView.Builder().AddScalar("X", []).Build());
        var ragged = SampleData.Catalog().LoadFromEnumerable(
            SampleData.Transitions(2).Append(new Transition { Observation = [1], Action = [1, 2], NextObservation = [1, 2, 3], Reward = 0 }), 3, 2);
        _transitions[17].NextObservation[1] = 0;
        Assert.Multiple(() =>
        {
            Assert.That(() => TransitionReader.ReadVectors(bad, "X"), Throws.ArgumentException.With.Message.Contains("Column 'X' holds NaN in row 17 at [1],"));
            Assert.That(() => TransitionReader.ReadVectors(infinite, "X"),
                Throws.ArgumentException.With.Message.Contains("Column 'X' holds Infinity in row 1,"));
            Assert.That(() => TransitionReader.ReadVectors(empty, "X"), Throws.ArgumentException.With.Message.Contains("The view has no rows"));
            Assert.That(() => TransitionReader.Read(ragged), Throws.Exception.With.Message.Contains("Observation").And.Message.Contains("1"));
        });
    }

    [Test]
    public void A_table_refuses_rows_of_another_shape()
    {
        using var rows = torch.zeros(2, 5);
        Assert.That(() => new TransitionTable(new TransitionLayout(3, 2), rows),
            Throws.ArgumentException.With.Message.Contains("[2, 5]").And.Message.Contains("[rows, 11]"));
    }

    private sealed class Sparse
    {
        [VectorType(4)] public VBuffer<float> X { get; set; }
    }
}
