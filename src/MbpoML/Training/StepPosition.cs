namespace MbpoML.Training;

/// <summary>How far a run is within one environment step, so that a stopped run goes on behind what it had finished.</summary>
internal enum StepPosition
{
    /// <summary>The step before is over.</summary>
    Begun,

    /// <summary>The model is as this step needs it.</summary>
    Fitted,

    /// <summary>Rollouts are branched where they are due.</summary>
    Branched,

    /// <summary>The environment's step is made; policy updates, or the step's end, remain.</summary>
    Acted,
}
