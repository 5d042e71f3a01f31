using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Environments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Datasets.Tests;

public class TimeSeriesLogTests
{
    [Test]
    public void A_row_is_paired_with_the_next_one_and_the_end_of_the_log_truncates()
    {
        var log = Log.Of(Log.Ramp(4));
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 2 }));
            Assert.That(log.Floats("Action"), Is.EqualTo(new[] { 0f, 2, 4 }));
            Assert.That(log.Floats("NextObservation"), Is.EqualTo(new[] { 1f, 2, 3 }));
            Assert.That(log.Floats("Reward"), Is.EqualTo(new[] { 0f, 0.5f, 1 }));
            Assert.That(log.Flags("Terminated"), Has.None.True);
            Assert.That(log.Flags("Truncated"), Is.EqualTo(new[] { false, false, true }));
            Assert.That((log.SamplingTime, log.Episodes, log.Gaps, log.Restarts), Is.EqualTo((1.0, 1, 0, 0)));
            Assert.That(log.ActionSpace.High, Is.EqualTo(new[] { 4.0 }));
            Assert.That(log.ActionSpace.Names, Is.EqualTo(new[] { "u" }));
        });
    }

    [Test]
    public void A_gap_ends_an_episode_as_truncated_and_is_bridged_by_no_step()
    {
        var log = Log.Of(Log.Ramp(6, [0, 1, 2, 5, 6, 7]));
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 3, 4 }));
            Assert.That(log.Flags("Truncated"), Is.EqualTo(new[] { false, true, false, true }));
            Assert.That(log.Episodes(), Is.EqualTo(new[] { 0, 0, 1, 1 }));
            Assert.That((log.Gaps, log.Restarts), Is.EqualTo((1, 0)));
        });
    }

    [TestCase(0.1, 0.02, 0)]
    [TestCase(0.01, 0.02, 2)]
    public void A_time_may_jitter_within_the_tolerance(double tolerance, double jitter, int gaps) =>
        Assert.That(Log.Of(Log.Ramp(7, [0, 1, 2, 3 + jitter, 4, 5, 6]), options => options.Tolerance = tolerance).Gaps, Is.EqualTo(gaps));

    [Test]
    public void Another_episode_begins_where_its_column_changes_whatever_the_time_does()
    {
        var log = Log.Of(Log.Ramp(6, [0, 1, 2, 0, 1, 2], ["a", "a", "a", "b", "b", "b"]), options => options.Episode = "label");
        Assert.That((log.Episodes, log.Restarts, log.RowCount), Is.EqualTo((2, 1, 4)));
    }

    [Test]
    public void A_clock_that_goes_back_begins_another_episode_where_that_is_allowed()
    {
        var log = Log.Of(Log.Ramp(6, [0, 1, 2, 0, 1, 2]), options => options.TimeRestarts = true);
        Assert.That((log.Episodes, log.Restarts, log.RowCount), Is.EqualTo((2, 1, 4)));
    }

    [Test]
    public void The_past_stands_behind_the_set_points_and_steps_without_one_are_left_out()
    {
        var log = Log.Of(Log.Ramp(5), options =>
        {
            options.SetPoints = ["r"];
            options.RewardColumn = null;
            options.Reward = (observation, action, next) => next[0] - observation[0];
            options.PastObservations = 1;
            options.PastActions = 2;
        });
        Assert.Multiple(() =>
        {
            Assert.That(log.ObservationNames, Is.EqualTo(new[] { "x", "r", "x[-1]", "u[-1]", "u[-2]" }));
            Assert.That(log.Floats("Observation"), Is.EqualTo(new[] { 2f, 1, 1, 2, 0, 3, 1.5f, 2, 4, 2 }));
            Assert.That(log.Floats("NextObservation")[..5], Is.EqualTo(new[] { 3f, 1.5f, 2, 4, 2 }));
            Assert.That(log.Floats("Reward"), Is.EqualTo(new[] { 1f, 1 }));
        });
    }

    [Test]
    public void A_longer_sampling_time_takes_the_mean_action_and_the_sum_of_rewards()
    {
        var log = Log.Of(Log.Ramp(7), options => options.SamplingTime = 3);
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("Observation"), Is.EqualTo(new[] { 0f, 3 }));
            Assert.That(log.Floats("NextObservation"), Is.EqualTo(new[] { 3f, 6 }));
            Assert.That(log.Floats("Action"), Is.EqualTo(new[] { 2f, 8 }));
            Assert.That(log.Floats("Reward"), Is.EqualTo(new[] { 1.5f, 6 }));
            Assert.That(log.SamplingTime, Is.EqualTo(3));
        });
    }

    [Test]
    public void The_step_into_a_row_in_which_the_task_is_over_terminates_and_none_begins_there()
    {
        var log = Log.Of(Log.Ramp(8, over: [0, 0, 0, 1, 1, 0, 0, 0]), options => options.TerminationColumn = "over");
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("Observation"), Is.EqualTo(new[] { 0f, 1, 2, 5, 6 }));
            Assert.That(log.Flags("Terminated"), Is.EqualTo(new[] { false, false, true, false, false }));
            Assert.That(log.Flags("Truncated"), Is.EqualTo(new[] { false, false, false, false, true }));
            Assert.That(log.Episodes(), Is.EqualTo(new[] { 0, 0, 0, 1, 1 }));
        });
    }

    [Test]
    public void The_end_of_the_task_is_kept_where_it_lies_between_two_decisions()
    {
        var log = Log.Of(Log.Ramp(5, over: [0, 0, 0, 0, 1]), options => (options.TerminationColumn, options.SamplingTime) = ("over", 3));
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("NextObservation"), Is.EqualTo(new[] { 3f, 4 }));
            Assert.That(log.Floats("Action"), Is.EqualTo(new[] { 2f, 6 }));
            Assert.That(log.Flags("Terminated"), Is.EqualTo(new[] { false, true }));
        });
    }

    [Test]
    public void A_termination_in_C_sharp_ends_an_episode_without_truncating_it()
    {
        var log = Log.Of(Log.Ramp(5), options => options.Termination = (observation, action, next) => next[0] == 2);
        Assert.Multiple(() =>
        {
            Assert.That(log.Flags("Terminated"), Is.EqualTo(new[] { false, true, false, false }));
            Assert.That(log.Flags("Truncated"), Is.EqualTo(new[] { false, false, false, true }));
            Assert.That(log.Episodes(), Is.EqualTo(new[] { 0, 0, 1, 1 }));
        });
    }

    [Test]
    public void A_missing_value_is_a_gap_where_that_is_allowed()
    {
        var view = new DenseDataView.Builder().AddDouble("x", [0, 1, double.NaN, 3, 4]).AddDouble("u", [0, 1, 2, 3, 4]).AddDouble("r", new double[5]).Build();
        var log = Log.Of(view, options => (options.Time, options.SkipsMissing) = (null, true));
        Assert.That((log.RowCount, log.Episodes, log.Gaps), Is.EqualTo((2, 2, 1)));
    }

    [Test]
    public void Dates_and_texts_of_dates_count_in_seconds()
    {
        var start = new DateTime(2026, 1, 31, 23, 59, 58, DateTimeKind.Utc);
        DateTime[] times = [.. Enumerable.Range(0, 5).Select(row => start.AddSeconds(0.5 * row))];
        var view = new DenseDataView.Builder().AddDateTime("when", times)
            .AddText("text", [.. times.Select(time => time.ToString("O", System.Globalization.CultureInfo.InvariantCulture).AsMemory())])
            .AddDouble("x", [0, 1, 2, 3, 4]).AddDouble("u", [0, 1, 2, 3, 4]).AddDouble("r", new double[5]).Build();
        foreach (var column in new[] { "when", "text" })
            Assert.That(Log.Of(view, options => options.Time = column).SamplingTime, Is.EqualTo(0.5), column);
    }

    [Test]
    public void A_log_of_the_text_loader_with_vectors_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["log.csv"], "t,a,b,u,r\n0,1,2,0,0\n1,2,3,1,0\n2,3,5,0,1\n");
        var loaded = new MLContext(1).Data.LoadFromTextFile(folder["log.csv"], new TextLoader.Options
        {
            Columns = [new("t", DataKind.Int32, 0), new("state", DataKind.Single, 1, 2), new("u", DataKind.Double, 3), new("r", DataKind.Single, 4)],
            Separators = [','],
            HasHeader = true,
        });
        var log = Log.Rl.Data.FromTimeSeries(loaded, new() { Observations = ["state"], Actions = ["u"], RewardColumn = "r", Time = "t" });
        Assert.That(log.Floats("NextObservation"), Is.EqualTo(new[] { 2f, 3, 3, 5 }));
    }

    [Test]
    public void Given_names_of_columns_and_bounds_are_used()
    {
        var log = Log.Rl.Data.FromTimeSeries(Log.Ramp(4), Log.Options(options => options.ActionSpace = BoxSpace.Uniform(1, -10, 10)),
            new TransitionColumns { Observation = "State" });
        Assert.Multiple(() =>
        {
            Assert.That(log.Schema.GetColumnOrNull("State"), Is.Not.Null);
            Assert.That(log.ActionSpace.Low, Is.EqualTo(new[] { -10.0 }));
        });
    }

    [Test]
    public void A_stage_reads_the_transitions()
    {
        using var table = TransitionReader.Read(Log.Of(Log.Ramp(30), options => options.PastActions = 1));
        Assert.That((table.Count, table.Layout.ObservationSize, table.Layout.ActionSize), Is.EqualTo((28, 2, 1)));
    }
}
