namespace MbpoML.Algorithms.Mbpo.Presets;

/// <summary>An environment that brings settings with which it is learned well; <see cref="MbpoPresets.For"/> takes them.</summary>
public interface IPresetProvider
{
    /// <summary>The settings, as a new object that may be changed freely, or null where it has none after all.</summary>
    MbpoPreset? CreatePreset();
}
