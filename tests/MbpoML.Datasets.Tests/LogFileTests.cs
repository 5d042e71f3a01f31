using MbpoML.Data.TimeSeries;
using Microsoft.ML;

namespace MbpoML.Datasets.Tests;

[Category("Text")]
public class LogFileTests
{
    private const string Plant = "second,temperature 1,setpoint,heater\n0,20,25,1\n1,21,25,0.5\n2,22,26,0\n3,23,26,1\n";

    [Test]
    public void A_table_becomes_transitions_with_a_formula_as_its_reward()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        var log = LogFile.Read(folder["plant.csv"], Plant1("-([next_temperature 1] - setpoint)**2 - heater/2"));
        Assert.Multiple(() =>
        {
            Assert.That(log, Is.TypeOf<TimeSeriesLog>());
            Assert.That(log.Floats("Observation")[..2], Is.EqualTo(new[] { 20f, 25 }));
            Assert.That(log.Floats("Reward"), Is.EqualTo(new[] { -16.5f, -9.25f, -9 }));
        });
    }

    [Test]
    public void A_column_is_a_reward_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        var options = Plant1("setpoint");
        options.SetPoints = [];
        Assert.That(LogFile.Read(folder["plant.csv"], options).Floats("Reward"), Is.EqualTo(new[] { 25f, 25, 26 }));
    }

    [Test]
    public void Every_ending_is_read_and_a_folder_is_a_Minari_dataset()
    {
        using var folder = new TemporaryFolder();
        var transitions = Log.Transitions(2, 3);
        MinariDataset.Write(transitions, folder["minari-log-v0"]);
        File.Copy(folder["minari-log-v0", "data", "main_data.hdf5"], folder["minari.h5"]);
        using (var stream = File.Create(folder["own.idv"])) new MLContext().Data.SaveAsBinary(transitions, stream);
        foreach (var name in new[] { "minari-log-v0", "minari.h5", "own.idv" }) Log.AssertSame(LogFile.Read(folder[name]), transitions);
        Assert.That(LogFile.Read(Npz.Honest().Save(folder["log.npz"])).RowCount, Is.EqualTo(4));
        Assert.That(LogFile.Read(Hdf.D4rl(folder["d4rl.hdf5"], withNext: true)).RowCount, Is.EqualTo(4));
    }

    [Test]
    public void Transitions_take_another_reward()
    {
        using var folder = new TemporaryFolder();
        var log = LogFile.Read(Npz.Honest().Save(folder["log.npz"]), new() { Reward = "next_o0 - o0 + Max(a0, 2)" });
        Assert.Multiple(() =>
        {
            Assert.That(log.Floats("Reward"), Is.EqualTo(new[] { 4f, 4, 5, 6 }));
            Assert.That(log.Flags("Truncated")[^1], Is.True, "what is not the reward stays");
        });
    }

    [TestCase("next_setpoint > 20.5 || heater < -1")]
    [TestCase("[next_temperature 1] + setpoint >= 45")]
    public void A_condition_tells_which_transitions_end_the_task(string condition)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var ends = LogFile.Ends(LogFile.Read(folder["plant.csv"], Plant1("-heater")), condition);
        // Observation: temperature and set point.
        var before = TorchSharp.torch.tensor(new[,] { { 20f, 20 }, { 20, 20 } });
        var after = TorchSharp.torch.tensor(new[,] { { 24f, 20 }, { 26, 21 } });
        Assert.That(ends.Evaluate(before, TorchSharp.torch.zeros(2, 1), after).data<bool>().ToArray(), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void A_formula_tells_what_imagined_steps_earn()
    {
        using var folder = new TemporaryFolder();
        using var scope = TorchSharp.torch.NewDisposeScope();
        var earns = LogFile.Earns(LogFile.Read(Npz.Honest().Save(folder["log.npz"])), "next_o0 - 2 * o0 + a0");
        var zeros = TorchSharp.torch.zeros(2, 2);
        var earned = earns.Evaluate(zeros + 1, zeros + 5, zeros + TorchSharp.torch.tensor(new[] { 3f, 0 }));
        Assert.That(earned.data<float>().ToArray(), Is.EqualTo(new[] { 6f, 6 }));
    }

    [Test]
    public void A_condition_over_other_names_is_refused()
    {
        using var folder = new TemporaryFolder();
        var log = LogFile.Read(Npz.Honest().Save(folder["log.npz"]));
        Assert.That(
            () => LogFile.Ends(log, "speed > 1"), Throws.ArgumentException.With.Message.Contain("The condition 'speed > 1'").And.Message.Contain("'o0'"));
    }

    // Set points, pasts and steps of two rows: the function has from the numbers of a step what the log has as its reward.
    [Test]
    public void A_formula_over_columns_tells_what_any_step_earns()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant + "4,25,26,0.25\n5,24,27,0.75\n6,26,27,0\n7,27,28,0.5\n8,25,28,1\n");
        var options = Plant1("-([next_temperature 1] - [temperature 1] - next_setpoint / 25 + setpoint / 25)**2 - heater");
        (options.PastObservations, options.PastActions, options.Step) = (1, 1, 2);
        var log = (TimeSeriesLog)LogFile.Read(folder["plant.csv"], options);
        var (observation, action, next, reward) = (log.Floats("Observation"), log.Floats("Action"), log.Floats("NextObservation"), log.Floats("Reward"));
        Assert.That((log.RowCount, log.ObservationNames.Count), Is.EqualTo((3, 4)));
        using var scope = TorchSharp.torch.NewDisposeScope();
        TorchSharp.torch.Tensor Rows(float[] values) => TorchSharp.torch.tensor(values).reshape(3, -1);
        var named = LogFile.Earns(log, options.Reward!).Evaluate(Rows(observation), Rows(action), Rows(next));
        Assert.Multiple(() =>
        {
            Assert.That(
                Enumerable.Range(0, 3).Select(row => log.Reward!(observation.AsSpan(row * 4, 4), action.AsSpan(row, 1), next.AsSpan(row * 4, 4))),
                Is.EqualTo(reward));
            Assert.That(named.data<float>().ToArray(), Is.EqualTo(reward), "the names stand for the same numbers in the log of transitions");
        });
    }

    [Test]
    public void A_column_tells_nothing_of_steps_that_are_not_in_the_log()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        Assert.That(((TimeSeriesLog)LogFile.Read(folder["plant.csv"], Plant1("heater"))).Reward, Is.Null);
    }

    [TestCase(0.1, 1)]
    [TestCase(0.5, 0)]
    public void A_clock_may_restart_and_jitter_where_that_is_said(double tolerance, int gaps)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant + "0,20,25,1\n1,21,25,0.5\n2.3,22,26,0\n");
        var options = Plant1("-heater");
        (options.TimeRestarts, options.Tolerance) = (true, tolerance);
        var log = (TimeSeriesLog)LogFile.Read(folder["plant.csv"], options);
        Assert.That((log.Restarts, log.Gaps), Is.EqualTo((1, gaps)));
    }

    private static IEnumerable<TestCaseData> OfTables =>
    [
        Case("Observe", options => options.Observe = ["x"]), Case("Act", options => options.Act = ["x"]),
        Case("SetPoints", options => options.SetPoints = ["x"]), Case("Time", options => options.Time = "x"),
        Case("Episode", options => options.Episode = "x"), Case("Step", options => options.Step = 2),
        Case("TimeRestarts", options => options.TimeRestarts = true), Case("Tolerance", options => options.Tolerance = 0.2),
        Case("Terminated", options => options.Terminated = "x"), Case("PastObservations", options => options.PastObservations = 1),
        Case("PastActions", options => options.PastActions = 1), Case("SkipMissing", options => options.SkipMissing = true),
        Case("KeepConstants", options => options.KeepConstants = true),
    ];

    [TestCaseSource(nameof(OfTables))]
    public void What_is_about_rows_is_refused_where_the_file_holds_transitions(string option, Action<LogFile.Options> set)
    {
        using var folder = new TemporaryFolder();
        var options = new LogFile.Options();
        set(options);
        Assert.That(() => LogFile.Read(Npz.Honest().Save(folder["log.npz"]), options), Throws.ArgumentException.With.Message.Contain($": {option} cannot"));
    }

    [TestCase("heater ^ 2", "^ is no power", "x ** 2")]
    [TestCase("heater *", "cannot be understood", "heater *")]
    [TestCase("heatr", "names 'heatr'", "Did you mean 'heater'")]
    [TestCase("Boil(heater)", "cannot be understood", "Boil")]
    [TestCase("'text'", "cannot be understood", "'text'")]
    [TestCase("1 / (heater - heater)", "row 0", "finite number")]
    public void A_formula_that_is_none_is_named(string reward, string first, string second)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        Assert.That(() => LogFile.Read(folder["plant.csv"], Plant1(reward)),
            Throws.InstanceOf<ArgumentException>().With.Message.Contain(first).And.Message.Contain(second));
    }

    [Test]
    public void A_table_without_options_says_which_columns_it_has()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plant.csv"], Plant);
        Assert.That(() => LogFile.Read(folder["plant.csv"]), Throws.ArgumentException.With.Message.Contain("'temperature 1'").And.Message.Contain("Observe"));
    }

    // Every option but the reward is about rows.
    [Test]
    public void No_option_about_rows_is_forgotten() => Assert.That(
        OfTables.Select(one => (string)one.Arguments[0]!).Append("Reward"), Is.EquivalentTo(typeof(LogFile.Options).GetProperties().Select(one => one.Name)));

    private static TestCaseData Case(string option, Action<LogFile.Options> set) => new TestCaseData(option, set).SetArgDisplayNames(option);

    private static LogFile.Options Plant1(string reward) =>
        new() { Observe = ["temperature 1"], SetPoints = ["setpoint"], Act = ["heater"], Time = "second", Reward = reward };
}
