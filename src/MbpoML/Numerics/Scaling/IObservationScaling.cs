namespace MbpoML.Numerics.Scaling;

/// <summary>A policy or a dynamics model that can say in which scale its networks see observations, so that a run can warn where the data leaves it.</summary>
public interface IObservationScaling
{
    /// <summary>Whether observations are scaled at all.</summary>
    bool ScalesObservations { get; }

    /// <summary>The scale as last taken from data; null where observations are not scaled, or not yet.</summary>
    ObservationScale? ObservationScale { get; }
}
