using System.CommandLine;
using System.Globalization;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Experiments;

namespace MbpoML.Benchmarks.Models;

/// <summary>
/// The verb <c>model-stream</c>: how well models with other settings predict the transitions of a run of double-horizon MBPO, when they are fitted to them in
/// their order.
/// </summary>
internal static class ModelStreamCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The folder of a run of double-horizon MBPO with a checkpoint." };
        var steps = new Option<int>("--steps") { Description = "The real steps from its beginning that are taken.", DefaultValueFactory = _ => 20_000 };
        var windows = new Option<int>("--windows") { Description = "The errors are averaged over so many equal parts.", DefaultValueFactory = _ => 4 };
        var seed = new Option<int>("--seed") { Description = "The seed of the models.", DefaultValueFactory = _ => 1 };
        var variants = new Option<string[]>("--variant")
        {
            Description = "Settings of the model beside those of the preset, as in \"Dynamics.BatchSize=512 Dynamics.OptimizerSteps=500\"; once for each.",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("model-stream", "Errors of models with other settings on the transitions of a run.") { run, steps, windows, seed, variants };
        command.SetAction((parsed, cancellationToken) =>
        {
            Machine.Print();
            Print(new(parsed.GetValue(run)!), parsed.GetValue(steps), parsed.GetValue(windows), parsed.GetValue(seed), ["", .. parsed.GetValue(variants)!],
                cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(RunFolder run, int steps, int windows, int seed, string[] variants, CancellationToken cancellationToken)
    {
        using var stream = ModelStream.Open(run, steps);
        MarkdownTable? table = null;
        var least = 0L;
        foreach (var variant in variants)
        {
            var errors = stream.Fit(variant, seed, cancellationToken);
            var heldOut = errors.Windows(windows, fit => fit.HeldOut).ToList();
            table ??= new MarkdownTable(["settings", "rows learned from", .. heldOut.Select(window => window.Name), "log-likelihood", "new rows"]);
            if (least == 0) least = errors.Rows;
            string[] cells =
            [
                variant.Length == 0 ? "the preset" : $"`{variant}`",
                string.Create(CultureInfo.InvariantCulture, $"{(double)errors.Rows / least:F2}"),
                .. heldOut.Select(window => Text(window.Error)),
                Text(-errors.Windows(windows, fit => fit.Likelihood).Last().Error),
                Text(errors.Fits.Average(fit => fit.NewRows)),
            ];
            Console.Error.WriteLine(string.Join("  ", cells));
            table.Add(cells);
        }

        table!.Print(
            $"{run.Name}: mean squared errors on rows that are never learned from, in standard deviations, by real steps; their mean log-likelihood in " +
                "the last part; and errors on new rows before they are learned from");
    }

    private static string Text(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
