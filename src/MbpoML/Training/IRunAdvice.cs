namespace MbpoML.Training;

/// <summary>What an algorithm knows of the time that its run will take.</summary>
internal interface IRunAdvice
{
    /// <summary>The options to change, the most useful first.</summary>
    /// <param name="modelShare">The part of the time to come in which the model is fitted, from 0 to 1.</param>
    /// <param name="environmentShare">The part in which the environment makes its steps.</param>
    string Text(double modelShare, double environmentShare);

    /// <summary>How many times as much work as was done is left, in fits of the model and in rollouts. A function of the steps alone.</summary>
    /// <param name="counters">How far the run is.</param>
    (double Fits, double Rollouts) WorkLeft(RunCounters counters);
}
