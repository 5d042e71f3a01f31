namespace MbpoML.Data.TimeSeries;

/// <summary>The numbers of one step, in doubles as the log has them and rounded as a policy sees them.</summary>
/// <param name="observationSize">n</param>
/// <param name="actionSize">m</param>
internal sealed class StepValues(int observationSize, int actionSize)
{
    public double[] Observation { get; } = new double[observationSize];

    public double[] Action { get; } = new double[actionSize];

    public double[] Next { get; } = new double[observationSize];

    public float[] RoundedObservation { get; } = new float[observationSize];

    public float[] RoundedAction { get; } = new float[actionSize];

    public float[] RoundedNext { get; } = new float[observationSize];

    /// <summary>Rounds all of it.</summary>
    public void Round()
    {
        Round(Observation, RoundedObservation);
        Round(Action, RoundedAction);
        Round(Next, RoundedNext);
    }

    private static void Round(double[] from, float[] to)
    {
        for (var index = 0; index < from.Length; index++) to[index] = (float)from[index];
    }
}
