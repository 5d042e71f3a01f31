using MbpoML.Training.Metrics;
using Microsoft.Extensions.Logging;

namespace MbpoML.Training.Outcome;

/// <summary>Says once, after the first minute of a run, how long it will take and what would shorten it. Nothing in the results depends on it.</summary>
/// <param name="settings">The length of the run and of its epochs.</param>
/// <param name="counters">How far the run is.</param>
/// <param name="clock">What each stage took so far.</param>
/// <param name="advice">What would shorten the run.</param>
/// <param name="logger">Where the line goes.</param>
internal sealed partial class RunForecast(HostSettings settings, RunCounters counters, StageClock clock, IRunAdvice advice, ILogger logger)
{
    private static readonly TimeSpan FirstMinute = TimeSpan.FromMinutes(1);

    private bool _isSaid;

    /// <summary>A real step has ended.</summary>
    public void StepEnded()
    {
        if (_isSaid || clock.Elapsed < FirstMinute || counters.Step >= settings.Steps) return;
        _isSaid = true;
        if (counters.Step < counters.FirstPolicyStep) SayExploring();
        else Say();
    }

    private int StepsLeft => settings.Steps - counters.Step;

    // No model was fitted yet and no policy updated: only the environment is known.
    private void SayExploring()
    {
        var left = ProgressWords.Time(TimeSpan.FromSeconds(clock.Seconds(MetricNames.EnvironmentSeconds) / counters.Step * StepsLeft));
        var (elapsed, ways) = (ProgressWords.Time(clock.Elapsed), advice.Text(modelShare: 0, environmentShare: 1));
        LogExploring(logger, counters.Step, settings.Steps, elapsed, left, ways);
    }

    private void Say()
    {
        var policySteps = Math.Max(1, counters.Step - counters.FirstPolicyStep);
        var environment = clock.Seconds(MetricNames.EnvironmentSeconds) / counters.Step * StepsLeft;
        var policy = clock.Seconds(MetricNames.PolicySeconds) / policySteps * StepsLeft;
        var (fits, branchings) = advice.WorkLeft(counters);
        var model = clock.Seconds(MetricNames.ModelSeconds) * fits;
        var rollouts = clock.Seconds(MetricNames.RolloutSeconds) * branchings;
        var evaluation = clock.Seconds(MetricNames.EvaluationSeconds) / Math.Max(1, policySteps / settings.EpochLength) *
            ((double)StepsLeft / settings.EpochLength);
        var all = environment + policy + model + rollouts + evaluation;
        // Where nothing was measured there are no parts.
        var whole = Math.Max(all, double.Epsilon);
        var (elapsed, left, ways) =
            (ProgressWords.Time(clock.Elapsed), ProgressWords.Time(TimeSpan.FromSeconds(all)), advice.Text(model / whole, environment / whole));
        var (modelPercent, policyPercent, environmentPercent) = (Percent(model / whole), Percent(policy / whole), Percent(environment / whole));
        Log(logger, counters.Step, settings.Steps, elapsed, left, modelPercent, policyPercent, environmentPercent, ways);
    }

    private static int Percent(double share) => (int)Math.Round(100 * share);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Step {Step} of {Steps} after {Elapsed}: about {Left} are left ({Model} % for fitting the model, {Policy} % for policy updates, " +
            "{Environment} % for the environment). Shorter with: {Advice}.")]
    private static partial void Log(ILogger logger, int step, int steps, string elapsed, string left, int model, int policy, int environment, string advice);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Step {Step} of {Steps} after {Elapsed}, still exploring at random: the environment's steps alone take about {Left} more; fits of the " +
            "model " +
            "and policy updates come on top. Shorter with: {Advice}.")]
    private static partial void LogExploring(ILogger logger, int step, int steps, string elapsed, string left, string advice);
}
