using MbpoML.Data;
using MbpoML.Data.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using Declared = MbpoML.Tests.Data.SampleData.Declared;

namespace MbpoML.Tests.Data.Views;

[Category("Text")]
public class DenseDataViewTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<Transition> _transitions = SampleData.Transitions(200);
    private DenseDataView _view = null!;

    [SetUp]
    public void MakeView() => _view = SampleData.Catalog().FromTransitions(_transitions);

    [Test]
    public void Equals_a_view_loaded_from_an_enumerable_cell_by_cell()
    {
        var loaded = _ml.Data.LoadFromEnumerable(_transitions.Select(Declared.From));
        Assert.That(_view.Schema.Select(column => (column.Name, column.Type)), Is.EquivalentTo(loaded.Schema.Select(column => (column.Name, column.Type))));
        Assert.That(_view.GetRowCount(), Is.EqualTo(200));
        AssertSameRows(Rows(_view), Rows(loaded));
        AssertSameRows(Rows(_view), _transitions.Select(Declared.From));
    }

    [Test]
    public void Hands_out_whole_columns()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_view.TryGetColumn<float>("Observation", out var observations), Is.True);
            Assert.That(observations.ToArray(), Is.EqualTo(_transitions.SelectMany(row => row.Observation)));
            Assert.That(_view.TryGetColumn<bool>("Truncated", out var truncated), Is.True);
            Assert.That(truncated.ToArray(), Is.EqualTo(_transitions.Select(row => row.Truncated)));
            Assert.That(_view.TryGetColumn<int>("EpisodeId", out var episodes), Is.True);
            Assert.That(episodes.ToArray(), Is.EqualTo(_transitions.Select(row => row.EpisodeId)));
            Assert.That(_view.TryGetColumn<int>("Observation", out _), Is.False);
            Assert.That(_view.TryGetColumn<float>("None", out _), Is.False);
        });
    }

    [Test]
    public void Splits_rows_and_whole_episodes()
    {
        var rows = _ml.Data.TrainTestSplit(_view, testFraction: 0.25);
        Assert.That(Rows(rows.TrainSet).Count + Rows(rows.TestSet).Count, Is.EqualTo(200));

        var episodes = _ml.Data.TrainTestSplit(_view, testFraction: 0.25, samplingKeyColumnName: "EpisodeId");
        var (train, test) = (Rows(episodes.TrainSet), Rows(episodes.TestSet));
        Assert.That(train.Count + test.Count, Is.EqualTo(200));
        Assert.That(test, Is.Not.Empty);
        Assert.That(train.Select(row => row.EpisodeId).Intersect(test.Select(row => row.EpisodeId)), Is.Empty);
    }

    [Test]
    public void Folds_for_cross_validation_cover_every_row_once()
    {
        var folds = _ml.Data.CrossValidationSplit(_view, numberOfFolds: 4);
        Assert.That(folds.SelectMany(fold => Rows(fold.TestSet)).Select(row => row.Reward), Is.EquivalentTo(_transitions.Select(row => row.Reward)));
    }

    [Test]
    public void Shuffles_to_a_permutation_that_mixes_the_whole_view()
    {
        var shuffled = Rows(_ml.Data.ShuffleRows(_view, seed: 3, shufflePoolSize: 1)).ConvertAll(row => row.Reward);
        Assert.That(shuffled, Is.EquivalentTo(_transitions.Select(row => row.Reward)));
        Assert.That(shuffled, Is.Not.EqualTo(_transitions.Select(row => row.Reward)));
        // With a pool of one row only the view's own cursor can have moved a row of the last half into the first.
        Assert.That(shuffled.Take(100).Intersect(_transitions.Skip(100).Select(row => row.Reward)).Count(), Is.GreaterThan(25));
    }

    [Test]
    public void A_shuffled_cursor_gives_each_row_its_own_identity()
    {
        using var cursor = _view.GetRowCursor(_view.Schema, new Random(5));
        var (getId, getReward) = (cursor.GetIdGetter(), cursor.GetGetter<float>(_view.Schema["Reward"]));
        var (id, reward) = (default(DataViewRowId), 0f);
        while (cursor.MoveNext())
        {
            getId(ref id);
            getReward(ref reward);
            Assert.That(reward, Is.EqualTo(_transitions[(int)id.Low].Reward));
        }
    }

    [Test]
    public void Takes_filters_and_caches()
    {
        AssertSameRows(Rows(_ml.Data.TakeRows(_view, 7)), _transitions.Take(7).Select(Declared.From));
        AssertSameRows(Rows(_ml.Data.FilterRowsByColumn(_view, "Reward", lowerBound: 0.5)), _transitions.Where(row => row.Reward >= 0.5).Select(Declared.From));
        var cached = _ml.Data.Cache(_view);
        AssertSameRows(Rows(cached), Rows(_view));
        AssertSameRows(Rows(cached), Rows(_view));
    }

    [Test]
    public void Feeds_built_in_transforms_and_trainers()
    {
        var pipeline = _ml.Transforms.Concatenate("Features", "Observation", "Action")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(_ml.Regression.Trainers.Sdca("Reward", "Features"));
        var transformed = pipeline.Fit(_view).Transform(_view);
        var features = transformed.GetColumn<float[]>("Features").ToList();
        Assert.That(features, Has.Count.EqualTo(200));
        for (var slot = 0; slot < 5; slot++)
        {
            Assert.That(features.Average(row => row[slot]), Is.EqualTo(0).Within(1e-4));
            Assert.That(features.Average(row => row[slot] * row[slot]), Is.EqualTo(1).Within(1e-3));
        }
        Assert.That(_ml.Regression.Evaluate(transformed, "Reward").MeanSquaredError, Is.GreaterThan(0).And.LessThan(3));
    }

    [Test]
    public void Many_threads_read_at_once()
    {
        var expected = _transitions.Select(SampleData.Row).SelectMany(row => row).Sum();
        var sums = new double[8];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            foreach (var _ in Enumerable.Range(0, 20))
                sums[thread] = Rows(_view)
                    .Sum(row => row.Observation.Sum() + row.Action.Sum() + row.Reward + row.NextObservation.Sum() + (row.Terminated ? 1 : 0) +
                        (row.Truncated ? 1 : 0));
        });
        Assert.That(sums, Is.All.EqualTo(expected).Within(1e-3));
        Assert.That(_view.GetRowCursorSet(_view.Schema, 4).Sum(CountRows), Is.EqualTo(200));
    }

    [Test]
    public void Cursors_do_not_disturb_each_other()
    {
        using var first = _view.GetRowCursor(_view.Schema);
        using var second = _view.GetRowCursor(_view.Schema);
        var (getFirst, getSecond) = (first.GetGetter<float>(_view.Schema["Reward"]), second.GetGetter<float>(_view.Schema["Reward"]));
        var reward = 0f;
        first.MoveNext();
        second.MoveNext();
        second.MoveNext();
        getFirst(ref reward);
        Assert.That(reward, Is.EqualTo(_transitions[0].Reward));
        getSecond(ref reward);
        Assert.That(reward, Is.EqualTo(_transitions[1].Reward));
    }

    [Test]
    public void A_cursor_refuses_what_it_cannot_give()
    {
        var (reward, action) = (_view.Schema["Reward"], _view.Schema["Action"]);
        using var cursor = _view.GetRowCursor([reward]);
        var (getter, value) = (cursor.GetGetter<float>(reward), 0f);
        Assert.Multiple(() =>
        {
            Assert.That(() => cursor.GetGetter<VBuffer<float>>(action), Throws.ArgumentException.With.Message.Contains("Column 'Action' was not asked for"));
            Assert.That(() => cursor.GetGetter<double>(reward),
                Throws.InvalidOperationException.With.Message.Contains("System.Single").And.Message.Contains("System.Double"));
            Assert.That(() => getter(ref value), Throws.InvalidOperationException.With.Message.Contains("MoveNext"));
            Assert.That(CountRows(cursor), Is.EqualTo(200));
            Assert.That(cursor.MoveNext(), Is.False);
            Assert.That(cursor.Position, Is.EqualTo(-1));
        });
    }

    [Test]
    public void Refilling_shows_new_rows_through_a_pipeline_bound_once()
    {
        var (observations, rewards) = (new float[8], new float[4]);
        var view = new DenseDataView.Builder().AddVector("Observation", 2, observations).AddScalar("Reward", rewards).Build();
        var bound = _ml.Transforms.Concatenate("Features", "Observation", "Reward").Fit(view).Transform(view);
        foreach (var rows in new[] { 3, 1, 4, 0 })
        {
            for (var row = 0; row < rows; row++) (observations[2 * row], observations[(2 * row) + 1], rewards[row]) = (rows, row, -row);
            view.Refill(rows);
            Assert.That(bound.GetColumn<float[]>("Features"), Is.EqualTo(Enumerable.Range(0, rows).Select(row => new float[] { rows, row, -row })));
            Assert.That(view.GetRowCount(), Is.EqualTo(rows));
            Assert.That(view.TryGetColumn<float>("Observation", out var column) ? column.Length : -1, Is.EqualTo(2 * rows));
        }
        Assert.That(() => view.Refill(5), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 4"));
    }

    [Test]
    public void Slot_names_reach_the_public_reader()
    {
        var view = new DenseDataView.Builder().AddVector("Observation", 2, [1, 2], ["angle", "speed"]).Build();
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        view.Schema["Observation"].GetSlotNames(ref names);
        Assert.That(names.DenseValues().Select(name => name.ToString()), Is.EqualTo(new[] { "angle", "speed" }));
    }

    [Test]
    public void The_builder_names_what_is_wrong()
    {
        static DenseDataView.Builder Builder() => new();
        Assert.Multiple(() =>
        {
            Assert.That(() => Builder().Build(), Throws.InvalidOperationException.With.Message.Contains("at least one column"));
            Assert.That(() => Builder().AddVector("A", 2, new float[3]),
                Throws.ArgumentException.With.Message.Contains("Column 'A' has 3 values").And.Message.Contains("width 2"));
            Assert.That(() => Builder().AddVector("A", 0, []), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Builder().AddVector("A", 2, new float[2], ["x"]), Throws.ArgumentException.With.Message.Contains("1 slot names for 2 values"));
            Assert.That(() => Builder().AddScalar("A", [1]).AddBoolean("A", [true]), Throws.ArgumentException.With.Message.Contains("already a column 'A'"));
            Assert.That(() => Builder().AddScalar("A", [1]).AddInt32("B", [1, 2]).Build(),
                Throws.InvalidOperationException.With.Message.Contains("'A' has 1 rows, but column 'B' has 2"));
        });
    }

    private List<Declared> Rows(IDataView view) => [.. _ml.Data.CreateEnumerable<Declared>(view, reuseRowObject: false)];

    private static int CountRows(DataViewRowCursor cursor)
    {
        var count = 0;
        while (cursor.MoveNext()) count++;
        return count;
    }

    private static void AssertSameRows(IEnumerable<Declared> actual, IEnumerable<Declared> expected) =>
        Assert.That(actual.Select(Cells), Is.EqualTo(expected.Select(Cells)));

    private static object[] Cells(Declared row) =>
        [.. row.Observation, .. row.Action, row.Reward, .. row.NextObservation, row.Terminated, row.Truncated, row.EpisodeId];
}
