using Microsoft.Extensions.Logging;

namespace MbpoML.Training;

/// <summary>Says once, after the first minute of a run, how long it will take and what would shorten it. Nothing in the results depends on it.</summary>
/// <param name="options">The options of the loop.</param>
/// <param name="state">The run's counters.</param>
/// <param name="clock">What each stage took so far.</param>
/// <param name="advice">What would shorten the run.</param>
/// <param name="logger">Where the line goes.</param>
internal sealed partial class RunForecast(MbpoTrainer.Options options, TrainingState state, StageClock clock, RunAdvice advice, ILogger logger)
{
    private static readonly TimeSpan FirstMinute = TimeSpan.FromMinutes(1);

    private bool _isSaid;

    /// <summary>A real step has ended.</summary>
    public void StepEnded()
    {
        if (_isSaid || clock.Elapsed < FirstMinute || state.Step >= options.Steps) return;
        _isSaid = true;
        if (state.Step < state.FirstPolicyStep) SayExploring();
        else Say();
    }

    private int StepsLeft => options.Steps - state.Step;

    // No model was fitted yet and no policy updated: only the environment is known.
    private void SayExploring()
    {
        var left = ProgressWords.Time(TimeSpan.FromSeconds(clock.Seconds(MetricNames.EnvironmentSeconds) / state.Step * StepsLeft));
        var (elapsed, ways) = (ProgressWords.Time(clock.Elapsed), advice.Text(modelShare: 0, environmentShare: 1));
        LogExploring(logger, state.Step, options.Steps, elapsed, left, ways);
    }

    private void Say()
    {
        var policySteps = Math.Max(1, state.Step - state.FirstPolicyStep);
        var environment = clock.Seconds(MetricNames.EnvironmentSeconds) / state.Step * StepsLeft;
        var policy = clock.Seconds(MetricNames.PolicySeconds) / policySteps * StepsLeft;
        var (fits, branchings) = GrowthOfWork();
        var model = clock.Seconds(MetricNames.ModelSeconds) * fits;
        var rollouts = clock.Seconds(MetricNames.RolloutSeconds) * branchings;
        var evaluation = clock.Seconds(MetricNames.EvaluationSeconds) / Math.Max(1, policySteps / options.EpochLength) * ((double)StepsLeft / options.EpochLength);
        var all = environment + policy + model + rollouts + evaluation;
        // Where nothing was measured there are no parts.
        var whole = Math.Max(all, double.Epsilon);
        var (elapsed, left, ways) = (ProgressWords.Time(clock.Elapsed), ProgressWords.Time(TimeSpan.FromSeconds(all)), advice.Text(model / whole, environment / whole));
        var (modelPercent, policyPercent, environmentPercent) = (Percent(model / whole), Percent(policy / whole), Percent(environment / whole));
        Log(logger, state.Step, options.Steps, elapsed, left, modelPercent, policyPercent, environmentPercent, ways);
    }

    // How many times as much work as was done is left, in fits and in branchings. A function of the steps alone.
    private (double Fits, double Branchings) GrowthOfWork()
    {
        var times = new ModelTrainingTimes(options, state.NeedsModel, state.FirstPolicyStep, state.LoggedTransitions);
        var (fitsDone, fitsLeft, branchingsDone, branchingsLeft) = (0.0, 0.0, 0, 0);
        for (var step = state.FirstPolicyStep; step < options.Steps; step++)
        {
            if (!times.IsBranching(step)) continue;
            var isDone = step < state.Step;
            if (isDone) branchingsDone++;
            else branchingsLeft++;
            if (!times.IsRefit(step)) continue;
            var work = advice.FitsGrow ? state.LoggedTransitions + step : 1;
            if (isDone) fitsDone += work;
            else fitsLeft += work;
        }

        return (fitsDone > 0 ? fitsLeft / fitsDone : 0, branchingsDone > 0 ? (double)branchingsLeft / branchingsDone : 0);
    }

    private static int Percent(double share) => (int)Math.Round(100 * share);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Step {Step} of {Steps} after {Elapsed}: about {Left} are left ({Model} % for fitting the model, {Policy} % for policy updates, {Environment} % for the environment). Shorter with: {Advice}.")]
    private static partial void Log(ILogger logger, int step, int steps, string elapsed, string left, int model, int policy, int environment, string advice);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Step {Step} of {Steps} after {Elapsed}, still exploring at random: the environment's steps alone take about {Left} more; fits of the model and policy updates come on top. Shorter with: {Advice}.")]
    private static partial void LogExploring(ILogger logger, int step, int steps, string elapsed, string left, string advice);
}
