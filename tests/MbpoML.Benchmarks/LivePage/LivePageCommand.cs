using System.CommandLine;

namespace MbpoML.Benchmarks.LivePage;

/// <summary>The verb <c>live-page</c>.</summary>
internal static class LivePageCommand
{
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Runs on the page.", DefaultValueFactory = _ => 50 };
        var epochs = new Option<int>("--epochs") { Description = "Epochs of each.", DefaultValueFactory = _ => 1000 };
        var times = new Option<int>("--times")
        {
            Description = "How often the page is opened, and how many epochs come in then.",
            DefaultValueFactory = _ => 10,
        };
        var command = new Command(
            "live-page", "Opens the dashboard of many runs in Chromium: seconds until it shows them, memory, and seconds until a new epoch shows.")
        {
            runs, epochs, times,
        };
        command.SetAction((parsed, cancellationToken) =>
            new LivePageExperiment(parsed.GetValue(runs), parsed.GetValue(epochs), parsed.GetValue(times)).RunAsync(cancellationToken));
        return command;
    }
}
