using MbpoML.Numerics;
using MbpoML.Training.Schedules;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>
/// At which real steps rollouts are branched, and before which of them the model is refitted. A function of the step alone, so that a run may begin anywhere.
/// </summary>
internal sealed class ModelTrainingTimes
{
    private readonly MbpoSettings _settings;
    private readonly bool _needsModel;
    private readonly int _firstStep;
    private readonly long _loggedTransitions;
    // An interval as long as an int can be means never again: the time of the next refit may lie beyond any step.
    private long _next;

    /// <param name="settings">Interval and schedule.</param>
    /// <param name="needsModel">Whether there is a model at all.</param>
    /// <param name="firstStep">The model is fitted for the first time after so many steps.</param>
    /// <param name="loggedTransitions">Real transitions that were no steps of this run.</param>
    public ModelTrainingTimes(MbpoSettings settings, bool needsModel, int firstStep, long loggedTransitions) =>
        (_settings, _needsModel, _firstStep, _loggedTransitions, _next) = (settings, needsModel, firstStep, loggedTransitions, firstStep);

    /// <summary>Whether rollouts are branched, in a run that has any, before the step that follows <paramref name="step"/> steps.</summary>
    public bool IsBranching(int step) => _needsModel && (step - _firstStep) % _settings.ModelTrainingInterval == 0;

    /// <summary>Whether the model is refitted then, too. Asked in the order of time.</summary>
    public bool IsRefit(int step)
    {
        while (_next < step) _next = After(_next);
        return _next == step;
    }

    // Always a time at which rollouts are branched.
    private long After(long step)
    {
        var interval = (long)_settings.ModelTrainingInterval;
        if (_settings.ModelTrainingSchedule is not { } schedule) return step + interval;
        var context = new ModelTrainingScheduleContext((int)step, _loggedTransitions + step);
        var wanted = Check.AtLeast(1, schedule.GetInterval(context), "interval of the model-training schedule");
        return step + ((((wanted - 1) / interval) + 1) * interval);
    }
}
