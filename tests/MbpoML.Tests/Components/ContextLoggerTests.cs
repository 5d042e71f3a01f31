using MbpoML.Components;
using MbpoML.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MbpoML.Tests.Components;

[Category("Text")]
public partial class ContextLoggerTests
{
    private readonly List<string> _user = [];
    private readonly List<string> _context = [];

    [SetUp]
    public void Forget()
    {
        _user.Clear();
        _context.Clear();
    }

    [Test]
    public void A_line_reaches_the_factory_and_the_context_once_each()
    {
        var logger = Create(LogLevel.Information);
        EpochFinished(logger, 3, -142.5);
        Assert.Multiple(() =>
        {
            Assert.That(_user, Is.EqualTo(new[] { "Information MbpoML.Training 7: epoch 3, return -142.5 {not a format}" }));
            Assert.That(_context, Is.EqualTo(new[] { "Info [Source=MbpoML; MbpoML.Training, Kind=Info] epoch 3, return -142.5 {not a format}" }));
        });
    }

    [Test]
    public void Levels_are_kept_and_exceptions_named()
    {
        var logger = Create(LogLevel.Information);
        ModelDiverged(logger, new InvalidOperationException("holdout error is NaN"));
        logger.Log(LogLevel.Error, 0, "stopped", null, (state, _) => state);
        Assert.Multiple(() =>
        {
            Assert.That(_user, Is.EqualTo(new[] { "Warning MbpoML.Training 8: the model diverged", "Error MbpoML.Training 0: stopped" }));
            Assert.That(_context, Has.Count.EqualTo(2));
            Assert.That(_context[0], Does.StartWith("Warning ").And.EndsWith("the model diverged InvalidOperationException: holdout error is NaN"));
            Assert.That(_context[1], Does.StartWith("Error ").And.EndsWith("stopped"));
        });
    }

    [Test]
    public void Details_go_only_to_a_factory_that_wants_them()
    {
        var quiet = Create(LogLevel.Information);
        quiet.Log(LogLevel.Debug, 0, "detail", null, (state, _) => state);
        Assert.That(quiet.IsEnabled(LogLevel.Debug), Is.False);
        Assert.That(_user, Is.Empty);

        var talkative = Create(LogLevel.Debug);
        talkative.Log(LogLevel.Debug, 0, "detail", null, (state, _) => state);
        Assert.Multiple(() =>
        {
            Assert.That(talkative.IsEnabled(LogLevel.Debug), Is.True);
            Assert.That(_user, Is.EqualTo(new[] { "Debug MbpoML.Training 0: detail" }));
            Assert.That(_context, Is.Empty);
        });
    }

    [Test]
    public void A_factory_that_wants_only_errors_does_not_silence_the_context()
    {
        EpochFinished(Create(LogLevel.Error), 1, 0);
        Assert.Multiple(() =>
        {
            Assert.That(_user, Is.Empty);
            Assert.That(_context, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void Without_a_factory_the_context_still_hears()
    {
        var logger = new ComponentContext(Listened()).CreateLogger("MbpoML.Training");
        EpochFinished(logger, 1, 0);
        Assert.Multiple(() =>
        {
            Assert.That(_context, Has.Count.EqualTo(1));
            Assert.That(logger.IsEnabled(LogLevel.None), Is.False);
        });
    }

    [LoggerMessage(7, LogLevel.Information, "epoch {Epoch}, return {Return} {{not a format}}")]
    private static partial void EpochFinished(ILogger logger, int epoch, double @return);

    [LoggerMessage(8, LogLevel.Warning, "the model diverged")]
    private static partial void ModelDiverged(ILogger logger, Exception exception);

    private ILogger Create(LogLevel minimum)
    {
        using var factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(minimum).AddProvider(new ListLoggerProvider(_user)));
        return new ComponentContext(Listened(), factory).CreateLogger("MbpoML.Training");
    }

    private MLContext Listened()
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Log += (_, line) =>
        {
            if (line.Kind != ChannelMessageKind.Trace) _context.Add($"{line.Kind} {line.Message}");
        };
        return mlContext;
    }
}
