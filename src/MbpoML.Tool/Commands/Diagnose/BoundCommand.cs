using System.CommandLine;
using System.Globalization;
using MbpoML.Experiments.Evaluations;
using MbpoML.Imagination;
using MbpoML.Theory;
using MbpoML.Tool.Display;
using MbpoML.Tool.Tasks;
using Microsoft.ML;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose bound</c>: what goes into the paper's return bounds, measured on a run, and what they recommend.</summary>
internal sealed class BoundCommand
{
    private readonly Argument<string[]> _runs = DiagnoseCommand.Runs();
    private readonly Option<string?> _environment = EnvironmentOption.Create();

    public static Command Create(ToolConsole console)
    {
        var parts = new BoundCommand();
        var command = new Command(
            "bound",
            "The inputs of the return bounds, measured from the last fit of each run's last but one checkpoint to its last, and the rollout length that " +
                "Theorem 4.3 recommends.") { parts._runs, parts._environment };
        command.SetAction(parsed => parts.Run(parsed, console));
        return command;
    }

    private int Run(ParseResult parsed, ToolConsole console)
    {
        var table = new PlainTable(
            "run", "steps", "error on the data", "error on new data", "policy shift", "slope", "largest reward", "recommended length", "penalty at length 0",
            "penalty at that length");
        foreach (var folder in RunFolders.OfOneTask(parsed.GetValue(_runs)!, TaskList.Catalog))
        {
            var (steps, trust, discount) = Measure(folder, parsed.GetValue(_environment));
            table.AddRow([folder.Path, steps, .. Cells(trust, discount)]);
            if (!IsNumber(trust))
                console.Error.WriteLine(
                    $"'{folder.Path}': what the model predicts for some transitions is no finite number, so that its error is none, and no length is " +
                        "recommended.");
        }

        console.Rich.Write(table);
        return ExitCodes.Success;
    }

    /// <summary>What the table says of a measurement: its numbers, and, where they are some, what Theorem 4.3 makes of them.</summary>
    internal static string[] Cells(ModelTrust trust, double discount)
    {
        string[] measured = [Number(trust.ErrorOnData), Number(trust.ModelError), Number(trust.PolicyShift), Number(trust.Slope), Number(trust.MaxReward)];
        if (!IsNumber(trust)) return [.. measured, RunSpread.None, RunSpread.None, RunSpread.None];
        var recommended = OptimalRolloutLength.Of(trust.ModelError, trust.PolicyShift, discount);
        return [.. measured, Invariant($"{recommended}"), Penalty(0), Penalty(recommended)];

        string Penalty(int length) => ReturnBounds.BranchedRolloutsOfCurrentPolicy(trust.ModelError, trust.PolicyShift, discount, trust.MaxReward, length)
            .ToString("N0", CultureInfo.InvariantCulture);
    }

    // The model of one checkpoint on what came in since it was fitted, until the next: transitions it has not seen, of a policy that has moved on. A refit may
    // lie some steps before its checkpoint.
    private static (string Steps, ModelTrust Trust, double Discount) Measure(RunFolder folder, string? environment)
    {
        OpenedRun[] last = [.. OpenedRun.All(folder, TaskList.Catalog, environment, newest: 2)];
        try
        {
            if (last is not [var before, var after] || before.Snapshot.Step == after.Snapshot.Step)
                throw new RunDataException(
                    $"'{folder.Path}' has one checkpoint, but two are compared; train with --set Trainer.Checkpoints.EverySteps=1000, say.");
            var trust = new MLContext(after.Options.Seed).Reinforcement().Diagnostics.Trust(
                before.Model, before.Snapshot.TransitionsOfFit(), after.Snapshot.TransitionsSince(before.Snapshot.FittedStep), after.Snapshot.Policy,
                before.Snapshot.Policy);
            return (Invariant($"{before.Snapshot.FittedStep} to {after.Snapshot.Step}"), trust, after.Options.Settings.Discount);
        }
        finally
        {
            foreach (var run in last) run.Dispose();
        }
    }

    private static bool IsNumber(ModelTrust trust) => double.IsFinite(trust.ModelError) && double.IsFinite(trust.PolicyShift);

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
